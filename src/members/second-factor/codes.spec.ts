import { describe, expect, it } from '@jest/globals';
import { describeTotp, newRecoveryCodes, newTotpSecret, recoveryHash, stepOfCode } from './codes.js';

/** RFC 6238, appendix B: SHA-1; its eight digits, less the first two. */
const SECRET = Buffer.from('12345678901234567890');
const VECTORS: [number, string][] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
];
const at = (seconds: number) => new Date(seconds * 1_000);

describe('a code of an authenticator', () => {
  it.each(VECTORS)('is that of RFC 6238, %i seconds after 1970', (seconds, code) => {
    expect(stepOfCode(SECRET, code, at(seconds))).toBe(Math.floor(seconds / 30));
  });

  it('is taken one step before and after its own, as the step that it is of', () => {
    for (const seconds of [30, 59, 60, 89]) expect(stepOfCode(SECRET, '287082', at(seconds))).toBe(1);
    expect(stepOfCode(SECRET, '287082', at(90))).toBeUndefined();
  });

  it.each(['', '28708', '2870820', '287082 ', '２８７０８２', 'abcdef', '000000'])('is not %j', (code) => {
    expect(stepOfCode(SECRET, code, at(59))).toBeUndefined();
  });

  it('has a secret of 160 bits, told in the two forms that people take', () => {
    const secret = newTotpSecret();
    expect(secret).toHaveLength(20);
    const told = describeTotp(SECRET, 'ada@example.com');
    expect(told.secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(told.uri).toMatch(/^otpauth:\/\/totp\/Gatehouse:ada%40example\.com\?issuer=Gatehouse&secret=GEZD/);
  });
});

describe('recovery codes', () => {
  it('are ten, each of 80 bits and its own', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
  });

  it('are the same in any case, with or without hyphens, and with letters read as the digits they look like', () => {
    const hash = recoveryHash('10ab-cdef-ghjk-mnpq');
    expect(recoveryHash(' IOAB CDEF-GHJKMNPQ')).toEqual(hash);
    expect(recoveryHash('10ab-cdef-ghjk-mnpr')).not.toEqual(hash);
  });
});
