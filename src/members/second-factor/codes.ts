import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

const STEP_SECONDS = 30;
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
/** 80 bits: sixteen characters. */
const RECOVERY_BYTES = 10;
/** Crockford's base32: no letter in it looks like another, or like a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** 160 random bits, as RFC 4226 (section 4) recommends. */
export function newTotpSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** The secret as people type it (base32), and as an authenticator reads it (`otpauth://…`). */
export function describeTotp(secret: Buffer, email: string): { secret: string; uri: string } {
  const totp = totpOf(secret, email);
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** Whether a code has the form of an authenticator's; no recovery code has it. */
export function isTotpCode(code: string): boolean {
  return /^[0-9]{6}$/.test(code);
}

/**
 * The step of the clock that a code is of (RFC 6238), one before or after the current one included; undefined for
 * any other text.
 */
export function stepOfCode(secret: Buffer, code: string, now: Date): number | undefined {
  if (!isTotpCode(code)) return undefined;
  const delta = totpOf(secret).validate({ token: code, timestamp: now.getTime(), window: 1 });
  if (delta === null) return undefined;
  return Math.floor(now.getTime() / 1_000 / STEP_SECONDS) + delta;
}

function totpOf(secret: Buffer, label = ''): TOTP {
  return new TOTP({
    issuer: 'Gatehouse',
    label,
    period: STEP_SECONDS,
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
  });
}

/** Ten codes of 80 random bits, such as `7k3m-9qwe-2rtz-p0av`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => grouped(base32(randomBytes(RECOVERY_BYTES))));
}

/** SHA-256 of a recovery code, however it is typed: in any case, with or without its hyphens. */
export function recoveryHash(code: string): Buffer {
  const plain = code.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1');
  return createHash('sha256').update(plain).digest();
}

function base32(bytes: Buffer): string {
  let bits = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (let i = 0; i < (bytes.length * 8) / 5; i += 1) {
    text = (ALPHABET[Number(bits & 31n)] ?? '') + text;
    bits >>= 5n;
  }
  return text;
}

const grouped = (text: string) => text.replace(/(.{4})(?=.)/g, '$1-');
