import pg from 'pg';
import type { DataSource } from 'typeorm';
import { clientConfig } from '../../platform/database/index.js';
import { fail, type Finding, ok, warn } from './finding.js';

/** Days for which a partition should be ready; the server keeps more. */
const DAYS_READY = 7;
const STATEMENT_TIMEOUT_MS = 5_000;

const MISSING_DAYS = `
SELECT ahead, to_char(day, 'YYYY-MM-DD') AS "day"
FROM generate_series(0, $1::integer) AS ahead,
  LATERAL (SELECT (gate_clock() AT TIME ZONE 'UTC')::date + ahead AS day) AS d
WHERE to_regclass('public.request_log_' || to_char(day, 'YYYYMMDD')) IS NULL
ORDER BY ahead`;

/** Whether the request log has its partitions for today and the days to come, by the database's clock. */
export async function partitionsReady(database: DataSource): Promise<Finding> {
  const missing = await database.query<{ ahead: number; day: string }[]>(MISSING_DAYS, [DAYS_READY]);
  if (missing.length === 0) return ok(`the request log is ready for today and ${DAYS_READY} days to come`);
  const words = `the request log has no partition for ${missing.map(({ day }) => day).join(', ')}`;
  const remedy = 'Start the server, which makes them at its start and every day.';
  return missing[0]?.ahead === 0
    ? fail(words, remedy)
    : warn(words, `${remedy} If it runs, look at its log for audit.partitions.`);
}

/**
 * Whether the log can be written: an empty batch, as the server would write one, taken back again.
 * @param url as the server connects
 */
export async function logWritable(url: string): Promise<Finding> {
  const client = new pg.Client({ ...clientConfig(url, 'cli'), statement_timeout: STATEMENT_TIMEOUT_MS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    // A batch of no rows that follows the last one: writer, number, count, root, hash before; then nothing for the rest.
    const { rows } = await client.query<{ parameters: number }>(
      `SELECT pronargs::integer AS parameters FROM pg_proc WHERE oid = 'public.audit_append'::regproc`,
    );
    const columns = ', NULL'.repeat(Math.max(0, (rows[0]?.parameters ?? 0) - 5));
    await client.query('BEGIN');
    await client.query(
      `SELECT audit_append(w.writer, w.last_batch_no + 1, 0, NULL, coalesce(w.last_hash, decode(repeat('00', 32), 'hex'))${columns})
       FROM audit_claim_writer() AS w`,
    );
    await client.query('ROLLBACK');
    return ok('the request log can be written');
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return fail(
      `the request log cannot be written: ${words}`,
      'Until it can, every request is answered 503: look for a full disk, a read-only or standby server, a stuck lock.',
    );
  } finally {
    // The writer's slot is the session's: it is free again with this.
    await client.end();
  }
}
