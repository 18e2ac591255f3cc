import { toPublicId } from '../../platform/ids/index.js';

// A change has a number, which the public form of an id has no place for: it is put into a UUID of version 8, whose
// bits are ours to use (RFC 9562, section 5.8).
const FRAME = '00000000-0000-8000-8';

/** `chg_…` for a change's number. */
export function changeIdOf(number: number): string {
  const hex = number.toString(16).padStart(15, '0');
  return toPublicId('change', `${FRAME}${hex.slice(0, 3)}-${hex.slice(3)}`);
}

/** The number inside the UUID of a `chg_…`; undefined where it is none of ours. */
export function changeNumberOf(uuid: string): number | undefined {
  if (!uuid.startsWith(FRAME)) return undefined;
  const number = parseInt(uuid.slice(FRAME.length).replace('-', ''), 16);
  return Number.isSafeInteger(number) ? number : undefined;
}
