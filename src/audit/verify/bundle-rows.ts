import * as sql from './bundle-sql.js';
import type { SealedChange, StoredRequest } from './row-evidence.js';
import type { BatchRange } from './sealed-in.js';

const ROWS_AT_ONCE = 2_000;

/** Reads a statement's rows in the bundle's snapshot. @param name of its cursor */
export type Read = <Row>(name: string, text: string, atOnce?: number) => AsyncGenerator<Row>;

/** The request rows of some batches, in their order; absent: of all. */
export async function* requestsIn(
  read: Read,
  ranges: readonly BatchRange[] | undefined,
): AsyncGenerator<StoredRequest> {
  if (!ranges) {
    yield* read<StoredRequest>('requests', sql.REQUESTS, ROWS_AT_ONCE);
    return;
  }
  // Writer by writer: so the rows come by an index in their order, however many days there are.
  for (const range of ranges) {
    if (range.writer !== 0) yield* read<StoredRequest>('requests', sql.requestsOfWriter(range), ROWS_AT_ONCE);
  }
}

/** The sealed changes of some batches, in their order; absent: of all. */
export async function* changesIn(
  read: Read,
  ranges: readonly BatchRange[] | undefined,
): AsyncGenerator<SealedChange> {
  const range = ranges?.find(({ writer }) => writer === 0);
  if (range) yield* read<SealedChange>('changes', sql.changesIn(range));
  else if (!ranges) yield* read<SealedChange>('changes', sql.CHANGES);
}
