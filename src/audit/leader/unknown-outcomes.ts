import { timeOfUuid } from '../../platform/ids/index.js';
import type { LogRow } from '../log-row.js';
import type { RequestLog } from '../request-log.js';
import type { LeaderConnection } from './leader-connection.js';

/**
 * How long a change waits for its request's row before the leader writes one. A request is answered with 503 after
 * five seconds; what its lane still holds then comes when the lane can write again.
 */
const WAIT_MS = 60_000;
/** A request's row has the time it came at, and a change the time it was made at, by two clocks. */
const AROUND = '1 day';
const DAY_MS = 86_400_000;

/** A change whose request may have no row. */
interface Orphan {
  readonly request_id: string;
  readonly at: number;
  readonly actor_type: string;
  readonly actor_id: string;
  readonly organization_id: string | null;
  readonly store_id: string | null;
}

/**
 * Gives changes whose request has no row a row with the outcome `unknown`: the process died between the two, or its
 * client was answered with the database's 503. Written by this process's own lane, as any row.
 */
export class UnknownOutcomes {
  /** Since when this process's lane has written without a failure, in milliseconds since the epoch. */
  private writingSince = 0;

  constructor(
    private readonly log: Pick<RequestLog, 'accepting' | 'append'>,
    private readonly waitMs = WAIT_MS,
  ) {}

  /** Looks at the sealed changes that are old enough. @returns how many rows were written */
  async write(connection: Pick<LeaderConnection, 'query'>): Promise<number> {
    // Where the log cannot be written, or could not just now, the lanes hold rows that are yet to come.
    if (!this.log.accepting) this.writingSince = Date.now();
    if (this.writingSince > Date.now() - this.waitMs) return 0;
    const batches = await connection.query<{ batch_no: string }>(
      `SELECT b.batch_no FROM audit_batches b, audit_outcomes_checked checked
       WHERE b.writer = 0 AND b.batch_no > checked.batch_no
         AND b.committed_at < clock_timestamp() - make_interval(secs => $1)
       ORDER BY b.batch_no LIMIT 100`,
      [this.waitMs / 1000],
    );
    let written = 0;
    for (const { batch_no } of batches) {
      const orphans = await orphansOf(connection, batch_no);
      await Promise.all(orphans.map((orphan) => this.log.append(rowOf(orphan))));
      written += orphans.length;
      await connection.query('SELECT audit_note_outcomes($1)', [batch_no]);
    }
    return written;
  }
}

function orphansOf(connection: Pick<LeaderConnection, 'query'>, batchNo: string): Promise<Orphan[]> {
  return connection.query<Orphan>(
    `WITH changes AS MATERIALIZED (
       SELECT DISTINCT ON (c.request_id) c.request_id, c.at, c.actor_type, c.actor_id, c.organization_id, c.store_id
       FROM change_seals s JOIN change_log c ON c.id = s.change_id
       WHERE s.batch_no = $1 AND c.request_id IS NOT NULL
       ORDER BY c.request_id, c.id),
     rows AS MATERIALIZED (
       SELECT r.request_id FROM request_log r
       WHERE r.request_id = ANY (ARRAY(SELECT request_id FROM changes))
         AND r.at >= (SELECT min(at) FROM changes) - $2::interval
         AND r.at < (SELECT max(at) FROM changes) + $2::interval)
     SELECT request_id, (extract(epoch FROM at) * 1000)::float8 AS at, actor_type, actor_id, organization_id, store_id
     FROM changes WHERE request_id NOT IN (SELECT request_id FROM rows)`,
    [batchNo, AROUND],
  );
}

/** A request is found in the log by its id's time; an id that somebody typed by hand may have any. */
function timeOf({ request_id: id, at }: Orphan): number {
  const told = timeOfUuid(id);
  return Math.abs(told - at) < DAY_MS ? told : at;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is known of a request by its change: who acted, where, and when. */
function rowOf(orphan: Orphan): LogRow {
  const actor = (type: string) =>
    orphan.actor_type === type && UUID.test(orphan.actor_id) ? orphan.actor_id : null;
  return {
    at: timeOf(orphan),
    request_id: orphan.request_id,
    organization_id: orphan.organization_id,
    store_id: orphan.store_id,
    key_id: actor('key'),
    key_name: null,
    key_preview: null,
    secret_id: null,
    member_id: actor('member'),
    role_id: null,
    role_version: null,
    method: 'UNKNOWN',
    route: null,
    operation: null,
    path: '',
    query: null,
    resource: null,
    level: null,
    effective_level: null,
    status: 0,
    answered: null,
    outcome: 'unknown',
    error_code: null,
    reason: 'row_never_came',
    ip: null,
    user_agent: null,
    client_request_id: null,
    duration_micros: 0,
    response_bytes: null,
    quota_charged: 0,
    replayed: false,
    occurrences: 1,
    completes: null,
  };
}
