import type { BoundedQuery } from './bounded-read.js';

/** A row of the request log as searches read it, named as its columns are. */
export interface RequestRow {
  readonly at: Date;
  readonly request_id: string;
  readonly organization_id: string | null;
  readonly store_id: string | null;
  readonly key_id: string | null;
  readonly key_name: string | null;
  readonly key_preview: string | null;
  readonly member_id: string | null;
  readonly role_id: string | null;
  readonly role_version: number | null;
  readonly method: string;
  readonly route: string | null;
  readonly operation: string | null;
  readonly path: string;
  readonly query: string | null;
  readonly resource: string | null;
  readonly level: string | null;
  readonly effective_level: string | null;
  readonly status: number;
  readonly answered: number | null;
  readonly outcome: string;
  readonly error_code: string | null;
  readonly reason: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly client_request_id: string | null;
  readonly duration_micros: number;
  readonly response_bytes: number | null;
  readonly quota_charged: number;
  readonly replayed: boolean;
  readonly occurrences: number;
  readonly completes: string | null;
  readonly writer: number;
  readonly batch_no: number;
  readonly position: number;
}

export const REQUEST_COLUMNS = `at, request_id, organization_id, store_id, key_id, key_name, key_preview, member_id,
  role_id, role_version::float8 AS role_version, method, route, operation, path, query, resource, level, effective_level,
  status, answered, outcome, error_code, reason, host(ip) AS ip, user_agent, client_request_id, duration_micros,
  response_bytes::float8 AS response_bytes, quota_charged, replayed, occurrences, completes,
  writer, batch_no::float8 AS batch_no, position`;

/** The first day (milliseconds since the epoch) that there may be rows of: a partition’s, or that of a held row. */
export async function oldestDay(query: BoundedQuery): Promise<number> {
  const [row] = await query<{ day: Date | null }>(
    `SELECT least(min(to_date(right(c.relname, 8), 'YYYYMMDD'))::timestamptz,
       date_trunc('day', (SELECT min(at) FROM held_requests), 'UTC')) AS day
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'request_log'::regclass`,
    [],
  );
  return row?.day?.getTime() ?? 0;
}
