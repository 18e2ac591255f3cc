import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readPublicKeys } from './public-keys.js';

const directory = mkdtempSync(join(tmpdir(), 'gatehouse-keys-'));
afterAll(() => rmSync(directory, { recursive: true }));

const pemOf = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
const P256 = pemOf('prime256v1');

function fileOf(content: unknown): string {
  const file = join(directory, 'keys.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}
const withKey = (key: string) => fileOf({ public_keys: [{ key_identifier: 'a', key, is_current: true }] });

describe('a file of public keys', () => {
  it('is read as GitHub publishes it, with the keys that are no longer current', () => {
    const keys = readPublicKeys(
      fileOf({
        public_keys: [
          { key_identifier: 'new', key: P256, is_current: true },
          { key_identifier: 'old', key: pemOf('prime256v1'), is_current: false },
        ],
      }),
    );
    expect([...keys.keys()]).toEqual(['new', 'old']);
    expect(keys.get('new')?.export({ type: 'spki', format: 'pem' })).toBe(P256);
  });

  const privateKey = () =>
    generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
  const rsa = () =>
    generateKeyPairSync('rsa', { modulusLength: 2048 })
      .publicKey.export({ type: 'spki', format: 'pem' })
      .toString();

  it.each([
    ['is not there', () => join(directory, 'nothing.json'), 'cannot be read (ENOENT)'],
    ['is a directory', () => directory, 'cannot be read (EISDIR)'],
    ['is not JSON', () => fileOf('{'), 'is not JSON'],
    ['has another form', () => fileOf({ keys: [] }), 'is not of the form'],
    ['has no keys', () => fileOf({ public_keys: [] }), 'is not of the form'],
    ['has no PEM', () => withKey('x'), 'public_keys[0] is no public key on P-256'],
    ['has another curve', () => withKey(pemOf('secp384r1')), 'public_keys[0] is no public key on P-256'],
    ['has an RSA key', () => withKey(rsa()), 'public_keys[0] is no public key on P-256'],
    ['has a private key', () => withKey(privateKey()), 'public_keys[0] is no public key on P-256'],
    [
      'has an identifier twice',
      () =>
        fileOf({
          public_keys: [
            { key_identifier: 'a', key: P256 },
            { key_identifier: 'a', key: P256 },
          ],
        }),
      'has an identifier twice (public_keys[1])',
    ],
  ])('is refused in one line where it %s', (_, file, words) => {
    expect(() => readPublicKeys(file())).toThrow(words);
  });
});
