import { DAY_MS } from '../../platform/time/index.js';
import type { Random } from '../../content/index.js';
import { weighted } from './chances.js';

/** Every day of a year and today. */
const DAYS = 366;

/** From January on: presents in November and December, everybody away in July and August. */
const SEASON = [0.9, 0.9, 0.97, 1, 1.03, 0.97, 0.85, 0.84, 1, 1.06, 1.25, 1.4] as const;
/** From Sunday on. */
const WEEKDAYS = [1.12, 1.05, 0.98, 0.96, 0.98, 0.9, 1.01] as const;
/** By hours of UTC: little at night, a lunch break, and the evening. */
const HOURS = [2, 1, 1, 1, 1, 2, 4, 6, 7, 7, 8, 9, 10, 8, 7, 7, 8, 9, 11, 13, 13, 11, 7, 4] as const;
const HOUR_WEIGHTS = HOURS.map((weight, hour) => [hour, weight] as const);

/** A shop twice as busy at the end of a year as at its beginning. */
const GROWTH = 1;

/** A day of the year that is made up, 0 the first. */
export interface DemoDay {
  /** Its beginning, UTC. */
  readonly start: number;
  /** How busy it is: of a year, about 1 on average. */
  readonly busy: number;
  /** Prices are down: more of those who come buy. */
  readonly sale: boolean;
}

/** The days up to and with that of `now`, the oldest first. */
export function demoDays(now: Date): DemoDay[] {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  return Array.from({ length: DAYS }, (_, index): DemoDay => {
    const start = today - (DAYS - 1 - index) * DAY_MS;
    const date = new Date(start);
    const grown = (1 + (GROWTH * index) / DAYS) / (1 + GROWTH / 2);
    const sale = isSale(date);
    const season = (SEASON[date.getUTCMonth()] ?? 1) * (WEEKDAYS[date.getUTCDay()] ?? 1);
    return { start, sale, busy: grown * season * (sale ? 1.9 : 1) };
  });
}

/** A week of November, with the Friday that everybody sells on. */
function isSale(date: Date): boolean {
  return date.getUTCMonth() === 10 && date.getUTCDate() >= 23 && date.getUTCDate() <= 29;
}

/** A moment of a day at which people are awake. */
export function momentIn({ start }: DemoDay, random: Random): number {
  return start + weighted(random, HOUR_WEIGHTS) * 3_600_000 + random.between(0, 3_599) * 1_000;
}
