import { randomFillSync } from 'node:crypto';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const POOL_BYTES = 4_096;
const RANDOM_BYTES = 8;

const pool = new Uint8Array(POOL_BYTES);
let used = POOL_BYTES;
let lastMs = 0;
let counter = 0;

/**
 * A new UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, a 12-bit counter that keeps ids of one
 * millisecond in their order (section 6.2, method 1), 62 random bits. Every request gets one: it is made by hand
 * because a library's cost showed in the gate's profile.
 */
export function newUuid(): string {
  if (used + RANDOM_BYTES > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  tick();
  const high = Math.floor(lastMs / 0x10000);
  const low = lastMs % 0x10000;
  const at = used;
  used += RANDOM_BYTES;
  return (
    hex(high >>> 24) +
    hex(high >>> 16) +
    hex(high >>> 8) +
    hex(high) +
    '-' +
    hex(low >>> 8) +
    hex(low) +
    '-' +
    hex(0x70 | (counter >>> 8)) +
    hex(counter) +
    '-' +
    hex(0x80 | (random(at) & 0x3f)) +
    hex(random(at + 1)) +
    '-' +
    hex(random(at + 2)) +
    hex(random(at + 3)) +
    hex(random(at + 4)) +
    hex(random(at + 5)) +
    hex(random(at + 6)) +
    hex(random(at + 7))
  );
}

/** The clock never goes back here, and a millisecond that has used up its counter borrows from the next. */
function tick(): void {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = random(used) & 0x7f;
  } else if (++counter > 0xfff) {
    lastMs++;
    counter = 0;
  }
}

const random = (index: number): number => pool[index] ?? 0;
const hex = (byte: number): string => HEX[byte & 0xff] ?? '';
