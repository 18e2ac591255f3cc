import { edgeRanges, sideRanges, treePath } from '../evidence/log-tree.js';
import type { Proof } from '../evidence/proof.js';
import {
  CHECKPOINT_COLUMNS,
  publishedCheckpoint,
  type StoredCheckpoint,
} from '../leader/stored-checkpoint.js';
import { readNodes } from '../leader/tree-reader.js';
import type { BoundedQuery } from '../search/bounded-read.js';
import { invalid } from '../search/search-errors.js';

/** An entry of the log tree. */
export interface TreeEntry {
  readonly seq: number;
  readonly batchNo: number;
}

/** The first entry of the log tree that anchors a batch. */
export async function entryFor(
  query: BoundedQuery,
  writer: number,
  batchNo: number,
): Promise<TreeEntry | undefined> {
  const [entry] = await query<TreeEntry>(
    `SELECT seq::float8 AS seq, batch_no::float8 AS "batchNo" FROM audit_tree
     WHERE writer = $1 AND batch_no >= $2 ORDER BY batch_no LIMIT 1`,
    [writer, batchNo],
  );
  return entry;
}

/**
 * The way from an entry to the root of a checkpoint.
 * @param no the one that is asked for; undefined: the first that covers the entry
 * @throws InvalidInput where there is no such checkpoint, or it does not cover the entry
 */
export async function anchorOf(
  query: BoundedQuery,
  { seq }: TreeEntry,
  no: number | undefined,
): Promise<NonNullable<Proof['anchor']>> {
  const [checkpoint] = await query<StoredCheckpoint>(
    `SELECT ${CHECKPOINT_COLUMNS} FROM audit_checkpoints
     WHERE log_size > $1 AND ($2::bigint IS NULL OR no = $2) ORDER BY no LIMIT 1`,
    [seq, no ?? null],
  );
  if (!checkpoint) throw invalid('checkpoint', 'must be one that there is, and that covers the row');
  const size = Number(checkpoint.log_size);
  const edge = await readNodes(query, edgeRanges(size));
  const sides = await readNodes(query, sideRanges(seq, size));
  return {
    seq,
    path: treePath(seq, size, edge, sides).map((hash) => hash.toString('hex')),
    checkpoint: publishedCheckpoint(checkpoint),
  };
}
