import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { KeyPurpose } from './derived-keys.js';
import { MasterSecrets } from './master-secrets.js';

const OLD = 'an older master secret, of some length';
const NEW = 'the newer master secret, of some length';
const PURPOSES: KeyPurpose[] = [
  'token-digest',
  'session-digest',
  'cursor',
  'secret-box',
  'link-token',
  'request-digest',
];

describe('master secrets', () => {
  it('make HMAC-SHA-256 digests under an HKDF-SHA-256 key of the purpose', () => {
    const key = Buffer.from(hkdfSync('sha256', NEW, '', 'gatehouse/v1/token-digest', 32));
    const expected = createHmac('sha256', key).update('text').digest();
    expect(new MasterSecrets(NEW).digest('token-digest', 'text')).toEqual(expected);
    expect(new MasterSecrets(NEW).key('token-digest').export()).toEqual(key);
  });

  it('make the same digest in every process that knows the same secret', () => {
    const [one, another] = [new MasterSecrets(NEW), new MasterSecrets(NEW)];
    expect(one.digest('cursor', 'text')).toEqual(another.digest('cursor', 'text'));
    expect(one.digest('cursor', 'text')).toEqual(one.digest('cursor', 'text'));
  });

  it('make another digest for every purpose, every text and every secret', () => {
    const digests = [new MasterSecrets(OLD), new MasterSecrets(NEW)].flatMap((secrets) =>
      PURPOSES.flatMap((purpose) =>
        ['text', 'texT', ''].map((text) => secrets.digest(purpose, text).toString('hex')),
      ),
    );
    expect(new Set(digests).size).toBe(2 * PURPOSES.length * 3);
    expect(digests.every((digest) => digest.length === 64)).toBe(true);
  });

  it('write under the current one, and read under the previous one too', () => {
    const changing = new MasterSecrets(NEW, OLD);
    const [current, previous] = [new MasterSecrets(NEW), new MasterSecrets(OLD)];
    expect(changing.digest('token-digest', 'text')).toEqual(current.digest('token-digest', 'text'));
    expect(changing.digests('token-digest', 'text')).toEqual([
      current.digest('token-digest', 'text'),
      previous.digest('token-digest', 'text'),
    ]);
    expect(current.digests('token-digest', 'text')).toHaveLength(1);
  });

  it('have names that tell them apart, and nothing of them', () => {
    expect(new MasterSecrets(NEW, OLD).currentId).toBe(new MasterSecrets(NEW).currentId);
    expect(new MasterSecrets(OLD).currentId).not.toBe(new MasterSecrets(NEW).currentId);
    expect(new MasterSecrets(NEW).currentId).toMatch(/^[0-9a-f]{16}$/);
  });
});
