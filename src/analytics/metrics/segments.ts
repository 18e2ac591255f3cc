import { type Grain, GRAINS } from '../rollups/dimensions.js';
import type { Bucket } from './buckets.js';

const MINUTE_MS = 60_000;

/** A span that is read from sums of one length, or, of less than a quarter of an hour, from the events themselves. */
export interface Segment extends Bucket {
  /** Which of the buckets it is a part of. */
  readonly index: number;
  /** 0: the events. */
  readonly minutes: Grain | 0;
}

/**
 * The fewest sums that make up each bucket: days in its middle, and shorter ones towards its ends. Sums begin at whole
 * days, hours and quarters of UTC, buckets wherever a time zone has it.
 */
export function segmentsOf(buckets: readonly Bucket[]): Segment[] {
  return buckets.flatMap(({ from, to }, index) => {
    const parts: Segment[] = [];
    // From the outside in: what is left of the middle is the next length's affair.
    const cover = (since: number, until: number, grains: readonly Grain[]): void => {
      if (since >= until) return;
      const add = (a: number, b: number, minutes: Segment['minutes']) => {
        if (a < b) parts.push({ index, minutes, from: new Date(a), to: new Date(b) });
      };
      const [grain, ...finer] = grains;
      if (grain === undefined) return add(since, until, 0);
      const length = grain * MINUTE_MS;
      const first = Math.ceil(since / length) * length;
      const last = Math.floor(until / length) * length;
      if (first >= last) return cover(since, until, finer);
      cover(since, first, finer);
      add(first, last, grain);
      cover(last, until, finer);
    };
    cover(from.getTime(), to.getTime(), COARSEST_FIRST);
    return parts;
  });
}

const COARSEST_FIRST = [...GRAINS].reverse();
