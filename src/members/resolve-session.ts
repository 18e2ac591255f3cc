import type { Database } from '../platform/database/index.js';
import { type QuotaFigures, quotaFiguresSql, SUBJECT_LIMITS } from '../plans/index.js';
import { MEMBER_COLUMNS, MEMBER_JOINS, type MemberFacts } from './member-facts.js';

/** A living session with everything that decides about a request of its member. */
export interface ResolvedSession extends MemberFacts, QuotaFigures {
  readonly sessionId: string;
  readonly csrfDigest: Buffer;
  /** The database's time, milliseconds since the epoch. */
  readonly at: number;
}

// One statement, so that session, member, role, organization and quota are of one snapshot; nothing is cached.
// It also notes that the session is in use, at most once a minute: each note is a commit. Of two requests that
// want to, the second finds the first one's note once it has the row, and writes nothing.
const RESOLVE_SESSION = `
WITH clock AS MATERIALIZED (
  SELECT gate_clock() AS at
), session AS MATERIALIZED (
  SELECT s.id, s.member_id, s.csrf_digest
  FROM sessions s, clock
  WHERE s.digest = ANY ($1::bytea[])
    AND s.expires_at > clock.at
    AND s.last_seen_at > clock.at - make_interval(secs => $2)
), touched AS (
  UPDATE sessions s SET last_seen_at = clock.at
  FROM session, clock
  WHERE s.id = session.id AND s.last_seen_at < clock.at - interval '1 minute'
)
SELECT session.id AS "sessionId", session.csrf_digest AS "csrfDigest",
  floor(extract(epoch FROM clock.at) * 1000)::float8 AS at, ${MEMBER_COLUMNS},
  ${quotaFiguresSql({ ...SUBJECT_LIMITS, ledger: 'l', at: 'clock.at' })}
FROM clock, session
  JOIN members m ON m.id = session.member_id
  ${MEMBER_JOINS}
  JOIN plans p ON p.id = o.plan_id
  LEFT JOIN quota_ledger l ON l.subject = o.id`;

/**
 * The session stored under one of the digests, unless it is past its end or was idle too long by the database's
 * clock.
 * @param digests of the cookie's token, under the current and the previous master secret
 */
export async function resolveSession(
  database: Database,
  digests: readonly Buffer[],
  idleSeconds: number,
): Promise<ResolvedSession | undefined> {
  const [row] = await database.query<ResolvedSession>(RESOLVE_SESSION, [digests, idleSeconds]);
  return row;
}
