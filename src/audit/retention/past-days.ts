import type { Transaction } from '../../platform/database/index.js';
import type { PurgedLog } from './purge-record.js';

/** A day (UTC) of a log. */
export interface LogDay {
  readonly log: PurgedLog;
  /** E.g. `2026-01-31`. */
  readonly day: string;
}

/** The days that a log has and that are wholly older than so many days, the oldest first. Held rows have days too. */
export function daysOlderThan(tx: Transaction, days: number): Promise<LogDay[]> {
  return tx.query<LogDay[]>(PAST_DAYS, [days]);
}

const PAST_DAYS = `
WITH cutoff AS (SELECT (gate_clock() AT TIME ZONE 'UTC')::date - $1::integer AS day),
past AS (
  SELECT 'requests' AS log, to_date(right(c.relname, 8), 'YYYYMMDD') AS day
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'request_log'::regclass
  UNION
  SELECT 'requests', (at AT TIME ZONE 'UTC')::date FROM held_requests
  UNION
  SELECT 'changes', (c.at AT TIME ZONE 'UTC')::date FROM change_log c
  WHERE c.at < (SELECT day::timestamp AT TIME ZONE 'UTC' FROM cutoff)
)
SELECT log, to_char(past.day, 'YYYY-MM-DD') AS day FROM past, cutoff WHERE past.day < cutoff.day
ORDER BY past.day, log DESC`;
