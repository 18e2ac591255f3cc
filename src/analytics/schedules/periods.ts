import { type Range, readRange, shifted } from '../metrics/range.js';
import { DAY_MS, dayOf } from '../../platform/time/index.js';

export const PERIODS = [
  'previous-day',
  'previous-week',
  'previous-month',
  'last-7-days',
  'last-30-days',
] as const;
export type PeriodName = (typeof PERIODS)[number];

/** A span of whole days, as a question about figures names it: the last one is included. */
export interface Days {
  /** `2026-11-01` */
  readonly from: string;
  readonly to: string;
}

/** The days of a period that end before the day of a moment, as the clocks of a time zone show it. */
export function daysOf(period: PeriodName, at: Date, timeZone: string): Days {
  const today = dayOf(at, timeZone);
  const [first, last] = FIRST_AND_LAST[period](today);
  return { from: textOf(first), to: textOf(last) };
}

/** Those days as moments. */
export function rangeOf({ from, to }: Days, timezone: string): Range {
  return readRange({ from, to, timezone });
}

const FIRST_AND_LAST: Readonly<Record<PeriodName, (today: Date) => readonly [Date, Date]>> = {
  'previous-day': (today) => [shifted(today, -1), shifted(today, -1)],
  // Weeks begin on Monday.
  'previous-week': (today) => {
    const monday = shifted(today, -((today.getUTCDay() + 6) % 7));
    return [shifted(monday, -7), shifted(monday, -1)];
  },
  'previous-month': (today) => {
    const first = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1));
    return [
      new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() - 1, 1)),
      new Date(first.getTime() - DAY_MS),
    ];
  },
  'last-7-days': (today) => [shifted(today, -7), shifted(today, -1)],
  'last-30-days': (today) => [shifted(today, -30), shifted(today, -1)],
};

function textOf(day: Date): string {
  return day.toISOString().slice(0, 10);
}
