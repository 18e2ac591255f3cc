import type { Transaction } from '../platform/database/index.js';
import { quotaFiguresSql, SUBJECT_LIMITS } from './quota-sql.js';
import type { QuotaFigures } from './quota-windows.js';

/** What a quota subject may use and has used, as of one moment of the database clock. */
export interface SubjectQuota extends QuotaFigures {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly planId: string;
  readonly planName: string;
  readonly organizationName: string;
  /** The polling interval; 0 is none. */
  readonly pollSeconds: number;
}

const SUBJECT_QUOTA = `
WITH clock AS MATERIALIZED (SELECT gate_clock() AS at)
SELECT floor(extract(epoch FROM clock.at) * 1000)::float8 AS at,
  p.id AS "planId", p.name AS "planName", o.name AS "organizationName",
  coalesce(o.poll_seconds, p.poll_seconds, 0) AS "pollSeconds",
  ${quotaFiguresSql({ ...SUBJECT_LIMITS, ledger: 'l', at: 'clock.at' })}
FROM clock, organizations o
  JOIN plans p ON p.id = o.plan_id
  LEFT JOIN quota_ledger l ON l.subject = $2
WHERE o.id = $1`;

/**
 * The quota of an organization that exists.
 * @param subject UUID of the organization itself, or of a sandbox of its
 */
export async function subjectQuota(
  tx: Transaction,
  organizationId: string,
  subject: string,
): Promise<SubjectQuota> {
  const [row] = await tx.query<SubjectQuota[]>(SUBJECT_QUOTA, [organizationId, subject]);
  if (!row) throw new Error('The organization whose quota is asked for does not exist.');
  return row;
}
