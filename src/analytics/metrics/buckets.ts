import { InvalidInput } from '../../platform/errors/index.js';
import { dayOf } from '../../platform/time/index.js';
import { midnight, type Range, shifted } from './range.js';

export const GRANULARITIES = ['hour', 'day', 'week', 'month', 'total'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** Points of one series. */
export const MOST_BUCKETS = 1_200;
const HOUR_MS = 3_600_000;

/** A part of a range, its end not in it. */
export interface Bucket {
  readonly from: Date;
  readonly to: Date;
}

/**
 * A range in its hours, days, weeks (from Monday) or months, as the clocks of its time zone show them; the first and the
 * last may be cut. Hours are counted from midnight, so that a day on which the clocks change has 23 or 25.
 * @throws InvalidInput where they are too many
 */
export function bucketsOf(range: Range, granularity: Granularity): Bucket[] {
  if (granularity === 'total') return [{ from: range.from, to: range.to }];
  const ends: Date[] = [];
  let at = range.from;
  let day = dayOf(at, range.timeZone);
  while (at < range.to) {
    const next = nextDay(day, granularity);
    const until = midnight(next, range.timeZone);
    const steps = granularity === 'hour' ? hoursUntil(midnight(day, range.timeZone), until) : [until];
    for (const step of steps) {
      if (step <= at) continue;
      at = step < range.to ? step : range.to;
      ends.push(at);
      if (at >= range.to) break;
    }
    day = next;
    if (ends.length > MOST_BUCKETS) {
      throw new InvalidInput([
        {
          field: 'granularity',
          reason: `makes more than ${MOST_BUCKETS} points of that time: take a coarser one`,
        },
      ]);
    }
  }
  return ends.map((to, index) => ({ from: ends[index - 1] ?? range.from, to }));
}

/** The day with which the next part begins. */
function nextDay(day: Date, granularity: Exclude<Granularity, 'total'>): Date {
  if (granularity === 'month') return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1));
  // Monday is 0.
  if (granularity === 'week') return shifted(day, 7 - ((day.getUTCDay() + 6) % 7));
  return shifted(day, 1);
}

function hoursUntil(midnightBefore: Date, until: Date): Date[] {
  const steps: Date[] = [];
  for (let at = midnightBefore.getTime() + HOUR_MS; at < until.getTime(); at += HOUR_MS)
    steps.push(new Date(at));
  return [...steps, until];
}
