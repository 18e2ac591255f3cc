import { LRUCache } from 'lru-cache';

export const DAY_MS = 86_400_000;

const formats = new LRUCache<string, Intl.DateTimeFormat>({ max: 100 });

/** Of each zone one: making one takes far longer than using it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** The wall clock of a time zone (IANA), as if it were UTC. */
function wallClock(at: Date, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(at);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** Whether there is such a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The day that the clocks of a time zone show at a moment, as its beginning in UTC. */
export function dayOf(at: Date, timeZone: string): Date {
  return new Date(Math.floor(wallClock(at, timeZone) / DAY_MS) * DAY_MS);
}

/**
 * The moment at which the clocks of a time zone show a time on a day. Where they show it twice, the first; where they
 * leap over it, as much later as they leap.
 * @param day its beginning as UTC has it
 * @param minutes after midnight
 */
export function momentOf(day: Date, minutes: number, timeZone: string): Date {
  const wanted = day.getTime() + minutes * 60_000;
  // What the zone is ahead by then; looked at twice, because a guess may lie beyond a change of the clocks.
  const guess = wanted - (wallClock(new Date(wanted), timeZone) - wanted);
  const offset = wallClock(new Date(guess), timeZone) - guess;
  return new Date(wanted - offset);
}
