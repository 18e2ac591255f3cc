import type { Transaction } from '../../platform/database/index.js';

/**
 * Which rows of both logs had been committed at one moment. Rows commit out of the order of their ids, so that no id
 * says it. What does: the request log's writers each commit their batches one after the other, so that the last batch
 * of each tells all of its rows; a change carries its transaction's id, and a snapshot tells of each whether it had
 * committed (`pg_visible_in_snapshot`).
 */
export interface LogBound {
  /** Milliseconds since the epoch, by the database's clock. */
  readonly at: number;
  /** Writers of the request log, and beside each its last batch. */
  readonly writers: readonly number[];
  readonly batches: readonly number[];
  /** A `pg_snapshot`, as text. */
  readonly snapshot: string;
}

/** The bound as of now: every row whose commit has returned is within it, and none that commits later. */
export async function currentBound(tx: Transaction): Promise<LogBound> {
  const [row] = await tx.query<{ bound: LogBound }[]>(BOUND);
  if (!row) throw new Error('The database did not tell the bound of the logs.');
  return row.bound;
}

// One statement, so one snapshot. The writers are found by skipping from one to the next: there are millions of batches.
const BOUND = `
WITH RECURSIVE writers AS (
  (SELECT writer FROM audit_batches WHERE writer > 0 ORDER BY writer LIMIT 1)
  UNION ALL
  SELECT (SELECT b.writer FROM audit_batches b WHERE b.writer > w.writer ORDER BY b.writer LIMIT 1)
  FROM writers w WHERE w.writer IS NOT NULL
), heads AS (
  SELECT w.writer, (SELECT max(b.batch_no) FROM audit_batches b WHERE b.writer = w.writer) AS batch_no
  FROM writers w WHERE w.writer IS NOT NULL
)
SELECT jsonb_build_object(
  'at', floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
  'writers', coalesce((SELECT jsonb_agg(writer ORDER BY writer) FROM heads), '[]'),
  'batches', coalesce((SELECT jsonb_agg(batch_no ORDER BY writer) FROM heads), '[]'),
  'snapshot', pg_current_snapshot()::text) AS bound
`;
