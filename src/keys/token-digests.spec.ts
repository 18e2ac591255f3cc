import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { BoxBroken, MasterSecrets, SecretBox } from '../platform/crypto/index.js';
import { newToken } from './token.js';
import { TokenDigests } from './token-digests.js';

const OLD = 'an old master secret, long enough';
const NEW = 'a new master secret, long enough';
const SECRET = '01890a5d-ac96-774b-bcce-b302099a8057';

const under = (...masters: [string, string?]) => {
  const secrets = new MasterSecrets(...masters);
  return new TokenDigests(secrets, new SecretBox(secrets));
};
const keyOf = (master: string) =>
  Buffer.from(hkdfSync('sha256', master, '', 'gatehouse/v1/token-digest', 32));
const hmac = (master: string, data: string | Buffer) =>
  createHmac('sha256', keyOf(master)).update(data).digest('hex');
const sha256 = (text: string) => createHash('sha256').update(text).digest();

describe('what is stored of a token', () => {
  const token = newToken('gate', 'live');

  it('is HMAC-SHA-256 of its SHA-256, and that in a box', () => {
    const stored = under(NEW).stored(SECRET, token);
    expect(stored.digest.toString('hex')).toBe(hmac(NEW, sha256(token)));
    expect(stored).toMatchObject({ digestVersion: 2, masterId: new MasterSecrets(NEW).currentId });
    expect(under(NEW).open(SECRET, stored.sealedHash)).toEqual(sha256(token));
  });

  it('opens for its own secret alone, and lets nobody in', () => {
    const { sealedHash } = under(NEW).stored(SECRET, token);
    expect(() => under(NEW).open(SECRET.replace('0', '1'), sealedHash)).toThrow(BoxBroken);
    const hash = sha256(token).toString('hex');
    expect(under(NEW).candidates(hash)).not.toContain(hmac(NEW, sha256(token)));
  });

  it('is made anew under another master secret without the token', () => {
    const before = under(OLD).stored(SECRET, token);
    const changing = under(NEW, OLD);
    const after = changing.storedOfHash(SECRET, changing.open(SECRET, before.sealedHash));
    expect(after.digest).toEqual(under(NEW).stored(SECRET, token).digest);
    expect(under(NEW).open(SECRET, after.sealedHash)).toEqual(sha256(token));
  });

  it('is found in both versions, under every accepted master secret', () => {
    expect(under(NEW, OLD).candidates(token)).toEqual([
      hmac(NEW, sha256(token)),
      hmac(OLD, sha256(token)),
      hmac(NEW, token),
      hmac(OLD, token),
    ]);
    expect(under(NEW).candidates(token)).toEqual([hmac(NEW, sha256(token)), hmac(NEW, token)]);
  });
});
