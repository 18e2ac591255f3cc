import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ENVIRONMENTS = ['live', 'test'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 43 characters of 62 carry 256 bits. */
const RANDOM_LENGTH = 43;
/** Six characters of 62 hold any CRC-32. */
const CHECKSUM_LENGTH = 6;
const SHAPE = /^[a-z][a-z0-9]{1,11}_(?:live|test)_[0-9A-Za-z]{49}$/;

/**
 * A new token: `<brand>_<live|test>_` + 43 random base62 characters + 6 of CRC-32 over all before. 256 bits of
 * entropy from the system's generator; the checksum makes a mistyped token recognisable without a query.
 */
export function newToken(brand: string, environment: Environment): string {
  let token = `${brand}_${environment}_`;
  for (let i = 0; i < RANDOM_LENGTH; i++) token += ALPHABET.charAt(randomInt(ALPHABET.length));
  return token + checksumOf(token);
}

/** Whether a text is of the published form and its checksum is right. Costs no query. */
export function isWellFormedToken(text: string): boolean {
  if (!SHAPE.test(text)) return false;
  const body = text.slice(0, -CHECKSUM_LENGTH);
  return checksumOf(body) === text.slice(-CHECKSUM_LENGTH);
}

/** Enough of a token to recognise it by, and too little to use: `gate_live_AbCd…wXyZ`. */
export function previewOf(token: string): string {
  const start = token.lastIndexOf('_') + 1;
  return `${token.slice(0, start + 4)}…${token.slice(-4)}`;
}

/** What tokens of that brand begin with. */
export function tokenPrefixes(brand: string): string[] {
  return ENVIRONMENTS.map((environment) => `${brand}_${environment}_`);
}

/** What a secret scanner should look for, for tokens of that brand. */
export function tokenPattern(brand: string): string {
  return `\\b${brand}_(live|test)_[0-9A-Za-z]{49}\\b`;
}

/** The six characters that end a token, of all before: its CRC-32 (as in zlib) in base62, the highest digit first. */
export function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = ALPHABET.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
