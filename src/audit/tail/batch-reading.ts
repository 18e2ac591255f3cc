import type { Database } from '../../platform/database/index.js';
import { REQUEST_COLUMNS, type RequestRow } from '../search/request-row.js';
import type { Heads } from './tail-position.js';

/** One committed batch of a writer. */
export interface LogBatch {
  readonly writer: number;
  readonly no: number;
  readonly rows: readonly RequestRow[];
}

// A skip scan: writers are few, batches are many. Writer 0 is the change log.
const HEADS = `
WITH RECURSIVE writers AS (
  SELECT min(b.writer) AS writer FROM audit_batches b WHERE b.writer > 0
  UNION ALL
  SELECT (SELECT min(b.writer) FROM audit_batches b WHERE b.writer > w.writer) FROM writers w WHERE w.writer IS NOT NULL
)
SELECT w.writer,
  (SELECT b.batch_no FROM audit_batches b WHERE b.writer = w.writer ORDER BY b.batch_no DESC LIMIT 1)::float8 AS batch
FROM writers w WHERE w.writer IS NOT NULL`;

/** Every writer's newest batch. */
export async function readHeads(database: Database): Promise<Heads> {
  const rows = await database.query<{ writer: number; batch: number }>(HEADS);
  return new Map(rows.map(({ writer, batch }) => [writer, batch]));
}

/** Batches that are looked at, and rows that are read, by one statement. */
const MOST_BATCHES = 500;
const MOST_ROWS = 2_000;
/** How long before its commit a row may have arrived, but for what ends long streams. */
const USUAL_MS = 86_400_000;

/** A writer's next batches after a number, up to another one: some of them, the first at least. */
export async function readBatches(
  database: Database,
  writer: number,
  after: number,
  upTo: number,
): Promise<LogBatch[]> {
  const found = await database.query<{ no: number; rows: number; at: Date }>(
    `SELECT batch_no::float8 AS no, row_count AS rows, committed_at AS at FROM audit_batches
     WHERE writer = $1 AND batch_no > $2 AND batch_no <= $3 ORDER BY batch_no LIMIT ${MOST_BATCHES}`,
    [writer, after, upTo],
  );
  let sum = 0;
  const taken = found.filter(({ rows }, index) => (sum += rows) <= MOST_ROWS || index === 0);
  const [first] = taken;
  const last = taken.at(-1);
  if (!first || !last) return [];
  const since = new Date(first.at.getTime() - USUAL_MS);
  const rows = await rowsOf(database, writer, first.no, last.no, since);
  const byBatch = Map.groupBy(rows, ({ batch_no }) => batch_no);
  const batches: LogBatch[] = [];
  for (const { no, rows: count } of taken) {
    let own = byBatch.get(no) ?? [];
    // It ends a stream that began days ago, or some of it was purged.
    if (own.length < count) own = await rowsOf(database, writer, no, no, new Date(0));
    batches.push({ writer, no, rows: own });
  }
  return batches;
}

/** The time names the partitions that are looked into. */
function rowsOf(
  database: Database,
  writer: number,
  first: number,
  last: number,
  since: Date,
): Promise<RequestRow[]> {
  return database.query<RequestRow>(
    `SELECT ${REQUEST_COLUMNS} FROM request_log
     WHERE writer = $1 AND request_log.batch_no BETWEEN $2 AND $3 AND at >= $4
     ORDER BY request_log.batch_no, position`,
    [writer, first, last, since],
  );
}
