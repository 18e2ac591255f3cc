import type { Transaction } from '../../platform/database/index.js';
import { KEPT_REQUESTS } from '../kept-requests.js';
import type { Finding, VerifyReport } from '../verify/findings.js';

/** A finding with whose row it is of. */
export interface OwnedFinding extends Finding {
  /** UUID of the organization that the named row belongs to; null: none, or the row is not there. */
  readonly organizationId: string | null;
}

/** What a verification found, as it is kept: all of it, whoever may see which part. */
export interface FoundReport extends Omit<VerifyReport, 'findings'> {
  /** Rows of the organization that asked. */
  readonly ownRows: number;
  readonly findings: readonly OwnedFinding[];
}

const REQUEST_OWNERS = `
SELECT request_id AS id, organization_id AS "organizationId" FROM ${KEPT_REQUESTS} WHERE request_id = ANY ($1)`;

const CHANGE_OWNERS = `
SELECT id::text AS id, organization_id AS "organizationId" FROM change_log WHERE id = ANY ($1)`;

interface Owner {
  readonly id: string;
  readonly organizationId: string | null;
}

/** Tells of each finding whose row it is of. */
export async function withOwners(
  tx: Pick<Transaction, 'query'>,
  findings: readonly Finding[],
): Promise<OwnedFinding[]> {
  const requests = findings.flatMap(({ requestId }) => requestId ?? []);
  const changes = findings.flatMap(({ changeId }) => changeId ?? []);
  const found: Owner[] = [];
  if (requests.length > 0) found.push(...(await tx.query<Owner[]>(REQUEST_OWNERS, [requests])));
  if (changes.length > 0) found.push(...(await tx.query<Owner[]>(CHANGE_OWNERS, [changes])));
  const owners = new Map(found.map(({ id, organizationId }) => [id, organizationId]));
  return findings.map((finding) => ({
    ...finding,
    organizationId: owners.get(finding.requestId ?? `${finding.changeId ?? ''}`) ?? null,
  }));
}
