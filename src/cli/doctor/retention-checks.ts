import type { DataSource } from 'typeorm';
import { fail, type Finding, ok, warn } from './finding.js';

/** Days that a purge may be late before it is worth a word: the job runs once a day. */
const PATIENCE_DAYS = 2;

const PAST_DAYS = `
WITH past AS (
  SELECT c.oid, to_date(right(c.relname, 8), 'YYYYMMDD') AS day
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'public.request_log'::regclass
)
SELECT to_char(p.day, 'YYYY-MM-DD') AS "day", EXISTS (
    SELECT FROM request_log r JOIN audit_batches b ON b.writer = r.writer AND b.batch_no = r.batch_no
    WHERE r.at >= p.day::timestamp AT TIME ZONE 'UTC' AND r.at < (p.day + 1)::timestamp AT TIME ZONE 'UTC'
      AND b.header_hash IS NOT NULL
      AND b.batch_no > coalesce((SELECT max(t.batch_no) FROM audit_tree t WHERE t.writer = b.writer), 0)
  ) AS "isUnanchored"
FROM past p WHERE p.day < (gate_clock() AT TIME ZONE 'UTC')::date - $1::integer
ORDER BY p.day LIMIT 1`;

/** Whether days of the request log that are past their retention are dropped. @param days the retention */
export async function retentionKept(database: DataSource, days: number): Promise<Finding> {
  const [oldest] = await database.query<{ day: string; isUnanchored: boolean }[]>(PAST_DAYS, [
    days + PATIENCE_DAYS,
  ]);
  if (!oldest) return ok(`the logs hold nothing older than ${days} days that should be gone`);
  const words = `the request log still has ${oldest.day}, which is older than ${days} days`;
  if (oldest.isUnanchored) {
    return fail(
      `${words}: no checkpoint covers it, so that it cannot be purged`,
      'Look in the server’s log for why no checkpoints are made.',
    );
  }
  return warn(words, 'Run "gatehouse audit purge", and look at the server’s log for audit.purge.');
}
