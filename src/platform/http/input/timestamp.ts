const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;

const DAY_MS = 86_400_000;
const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Reads an RFC 3339 timestamp. Fractions are kept to the millisecond; leap seconds are not known.
 * @returns undefined where the text is not one, names a day that does not exist, or lies outside the years
 *   0001 to 9999 in UTC
 */
export function parseTimestamp(text: string): Date | undefined {
  const parts = TIMESTAMP.exec(text);
  if (!parts) return undefined;
  const [, year = '', month = '', day = '', hour, minute, second, fraction = '', offset = ''] = parts;
  const midnight = midnightOf(year, month, day);
  if (midnight === undefined) return undefined;
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const time = (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000 + millis;
  return within(midnight + time - offsetMillis(offset));
}

/** The first or the last millisecond of a day in UTC, from `2026-03-01`; undefined as above. */
export function parseDay(text: string, edge: 'first' | 'last'): Date | undefined {
  const parts = DAY.exec(text);
  if (!parts) return undefined;
  const [, year = '', month = '', day = ''] = parts;
  const midnight = midnightOf(year, month, day);
  if (midnight === undefined) return undefined;
  return within(edge === 'first' ? midnight : midnight + DAY_MS - 1);
}

/** Date.UTC would carry February 30th into March, and take the years 0 to 99 for the twentieth century's. */
function midnightOf(year: string, month: string, day: string): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return exists ? date.getTime() : undefined;
}

function offsetMillis(offset: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}

function within(time: number): Date | undefined {
  return time >= FIRST && time <= LAST ? new Date(time) : undefined;
}
