import type { QueryRunner } from 'typeorm';
import { RANGES } from './bundle-sql.js';

/** A time in which batches were sealed, both ends included; an absent end is open. */
export interface SealedIn {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Batches of one writer, whole numbers, both ends included. */
export interface BatchRange {
  readonly writer: number;
  readonly first: number;
  readonly last: number;
}

/** The same in milliseconds since the epoch, as batches are dated. */
export function boundsOf({ from, to }: SealedIn): [number, number] {
  return [from?.getTime() ?? 0, to?.getTime() ?? Number.MAX_SAFE_INTEGER];
}

/** Which batches of each writer those are, in the order of writers. */
export async function batchRanges(transaction: QueryRunner, sealedIn: SealedIn): Promise<BatchRange[]> {
  return (await transaction.query(RANGES, boundsOf(sealedIn))) as BatchRange[];
}

/** Tells whether a batch is within some ranges; without any there is no bound. */
export class InRanges {
  private readonly ofWriter: ReadonlyMap<number, BatchRange> | undefined;

  constructor(ranges: readonly BatchRange[] | undefined) {
    this.ofWriter = ranges && new Map(ranges.map((range) => [range.writer, range]));
  }

  has(writer: number, batchNo: number): boolean {
    if (!this.ofWriter) return true;
    const range = this.ofWriter.get(writer);
    return range !== undefined && batchNo >= range.first && batchNo <= range.last;
  }
}
