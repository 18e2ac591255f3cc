import { DAY_MS } from '../../platform/time/index.js';
import { ALL, type Dimension } from './dimensions.js';

/** Lengths of the sums, finest first. Each is made of whole ones of the one before, and begins where UTC has it. */
export const GRAINS = ['quarter', 'hour', 'day', 'month'] as const;
export type Grain = (typeof GRAINS)[number];

/** Dimensions that are told as series, and so have quarters of an hour; of others only the ends of a range need them. */
export const SERIES_DIMENSIONS: readonly (Dimension | typeof ALL)[] = [ALL, 'campaign'];

/** The lengths that a dimension's sums have, finest first. */
export function grainsOf(dimension: Dimension | typeof ALL): readonly Grain[] {
  return SERIES_DIMENSIONS.includes(dimension) ? GRAINS : GRAINS.slice(1);
}

const LENGTHS_MS = { quarter: 900_000, hour: 3_600_000, day: DAY_MS };

/** The last moment, not after another, at which a sum begins; milliseconds since 1970. */
export function floorOf(grain: Grain, at: number): number {
  if (grain !== 'month') return Math.floor(at / LENGTHS_MS[grain]) * LENGTHS_MS[grain];
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** The first moment, not before another, at which a sum begins. */
export function ceilingOf(grain: Grain, at: number): number {
  const floor = floorOf(grain, at);
  if (floor === at) return at;
  if (grain !== 'month') return floor + LENGTHS_MS[grain];
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** Where the sum begins that a moment is in, as SQL. */
export function bucketOf(grain: Grain, moment: string): string {
  return grain === 'quarter'
    ? `date_bin('15 minutes', ${moment}, timestamptz '2000-01-01 00:00:00+00')`
    : `date_trunc('${grain}', ${moment}, 'UTC')`;
}
