import { type FieldError, InvalidInput } from '../../platform/errors/index.js';
import { parseDay, parseTimestamp } from '../../platform/http/input/index.js';
import { DAY_MS, dayOf, isTimeZone, momentOf } from '../../platform/time/index.js';

const DEFAULT_DAYS = 30;
const MOST_DAYS = 1_100;

/** A span of time, its end not in it, as the clocks of a time zone tell it. */
export interface Range {
  readonly from: Date;
  readonly to: Date;
  /** IANA. */
  readonly timeZone: string;
  /** In days of the time zone, where it is whole ones. */
  readonly days: number | undefined;
}

/** A span as it is asked for: days of the time zone, the last one included, or moments. */
export interface RangeWish {
  readonly from?: string;
  readonly to?: string;
  readonly timezone: string;
}

/** Without an end, up to the end of today; without a beginning, 30 days. @throws InvalidInput */
export function readRange({ from, to, timezone: timeZone }: RangeWish, now = new Date()): Range {
  const faults: FieldError[] = [];
  if (!isTimeZone(timeZone)) {
    throw new InvalidInput([
      { field: 'timezone', reason: 'must be a time zone of IANA, e.g. Europe/Berlin' },
    ]);
  }
  const end = to === undefined ? { day: dayOf(now, timeZone) } : read(to);
  const start = from === undefined ? undefined : read(from);
  if (!end) faults.push({ field: 'to', reason: REASON });
  if (from !== undefined && !start) faults.push({ field: 'from', reason: REASON });
  const [first, ...others] = faults;
  if (first || !end) throw new InvalidInput([first ?? { field: 'to', reason: REASON }, ...others]);

  const until = 'day' in end ? midnight(shifted(end.day, 1), timeZone) : end.at;
  const lastDay = 'day' in end ? end.day : dayOf(new Date(until.getTime() - 1), timeZone);
  const begin = start ?? { day: shifted(lastDay, 1 - DEFAULT_DAYS) };
  const since = 'day' in begin ? midnight(begin.day, timeZone) : begin.at;
  if (since >= until) throw new InvalidInput([{ field: 'to', reason: 'must be after from' }]);
  if (until.getTime() - since.getTime() > MOST_DAYS * DAY_MS) {
    throw new InvalidInput([{ field: 'from', reason: `must be at most ${MOST_DAYS} days before to` }]);
  }
  const whole = 'day' in begin && 'day' in end;
  const days = whole ? (end.day.getTime() - begin.day.getTime()) / DAY_MS + 1 : undefined;
  return { from: since, to: until, timeZone, days };
}

/** The span before it, as many days or as long. */
export function previousOf({ from, to, timeZone, days }: Range): Range {
  const before =
    days === undefined
      ? new Date(2 * from.getTime() - to.getTime())
      : midnight(shifted(dayOf(from, timeZone), -days), timeZone);
  return { from: before, to: from, timeZone, days };
}

const REASON = 'must be a day, e.g. 2026-03-01, or a date and time with its offset (RFC 3339)';

function read(text: string): { readonly day: Date } | { readonly at: Date } | undefined {
  const day = parseDay(text, 'first');
  if (day) return { day };
  const at = parseTimestamp(text);
  return at && { at };
}

/** A day some days later; days as their beginnings in UTC. */
export function shifted(day: Date, days: number): Date {
  return new Date(day.getTime() + days * DAY_MS);
}

export function midnight(day: Date, timeZone: string): Date {
  return momentOf(day, 0, timeZone);
}
