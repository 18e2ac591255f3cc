import { ceilingOf, floorOf, type Grain } from '../rollups/grains.js';
import type { Bucket } from './buckets.js';

/** A span that is read from sums of one length, or, where those are too long for it, from the events themselves. */
export interface Segment extends Bucket {
  /** Which of the buckets it is a part of. */
  readonly index: number;
  readonly grain: Grain | typeof EVENTS;
}

export const EVENTS = 'events';

/**
 * The fewest sums that make up each bucket: months in its middle, and shorter ones towards its ends. Sums begin where
 * UTC has it, buckets wherever a time zone does.
 * @param grains the lengths that there are, finest first
 */
export function segmentsOf(buckets: readonly Bucket[], grains: readonly Grain[]): Segment[] {
  const coarsestFirst = [...grains].reverse();
  return buckets.flatMap(({ from, to }, index) => {
    const parts: Segment[] = [];
    // From the outside in: what is left of the middle is the next length's affair.
    const cover = (since: number, until: number, left: readonly Grain[]): void => {
      if (since >= until) return;
      const add = (a: number, b: number, of: Segment['grain']) => {
        if (a < b) parts.push({ index, grain: of, from: new Date(a), to: new Date(b) });
      };
      const [grain, ...finer] = left;
      if (grain === undefined) return add(since, until, EVENTS);
      const [first, last] = [ceilingOf(grain, since), floorOf(grain, until)];
      if (first >= last) return cover(since, until, finer);
      cover(since, first, finer);
      add(first, last, grain);
      cover(last, until, finer);
    };
    cover(from.getTime(), to.getTime(), coarsestFirst);
    return parts;
  });
}
