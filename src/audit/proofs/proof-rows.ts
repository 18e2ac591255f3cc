import { timeOfUuid } from '../../platform/ids/index.js';
import type { BoundedQuery } from '../search/bounded-read.js';
import { requestsOf, SEALED_CHANGES } from '../verify/bundle-sql.js';
import {
  changeEvidence,
  requestEvidence,
  type SealedChange,
  type StoredEvidence,
  type StoredRequest,
} from '../verify/row-evidence.js';
import type { RowLine } from '../verify/row-line.js';

/** A row of either log, with where it stands. */
export interface LoggedRow {
  readonly organizationId: string | null;
  /** Null: it is in no batch yet. */
  readonly place: Pick<StoredEvidence, 'writer' | 'batch_no'> | null;
  /** Null where there is no evidence of it. */
  readonly evidence: RowLine | null;
}

/**
 * A request's own row, or one of those that close it; held ones too. Its id says on which day it was.
 * @param index 0: its own; 1, 2 …: those that close it
 */
export async function requestRow(
  query: BoundedQuery,
  id: string,
  index: number,
): Promise<LoggedRow | undefined> {
  const at = timeOfUuid(id);
  const [row] = await query<StoredRequest>(
    `SELECT * FROM (${requestsOf('request_log')} WHERE request_id = $1 AND at >= $2 AND at < $3
     UNION ALL ${requestsOf('held_requests')} WHERE request_id = $1 AND at >= $2 AND at < $3) AS r
     ORDER BY completes NULLS FIRST, writer, batch_no, position OFFSET $4 LIMIT 1`,
    [id, new Date(at), new Date(at + 1), index],
  );
  if (!row) return undefined;
  return {
    organizationId: row.organization_id,
    place: row,
    evidence: row.leaf === null ? null : requestEvidence(row),
  };
}

/** A change, sealed or not. */
export async function changeRow(query: BoundedQuery, number: number): Promise<LoggedRow | undefined> {
  const [row] = await query<SealedChange & { batch_no: number | null }>(
    `${SEALED_CHANGES} WHERE s.change_id = $1`,
    [number],
  );
  if (!row) return undefined;
  const isSealed = row.batch_no !== null;
  return {
    organizationId: row.organizationId,
    place: isSealed ? row : null,
    evidence: isSealed ? changeEvidence(row) : null,
  };
}

/** How long before its batch's commit a row may have arrived, but for what ends long streams. */
const USUAL_MS = 86_400_000;

/** The leaves of a batch in their order; fewer than its rows where it is not whole. */
export async function batchLeaves(
  query: BoundedQuery,
  { writer, batch_no: batchNo }: Pick<StoredEvidence, 'writer' | 'batch_no'>,
  rows: number,
  committedAt: Date,
): Promise<Buffer[]> {
  if (writer === 0) {
    return leaves(query, 'SELECT position, leaf FROM change_seals WHERE $1 = 0 AND batch_no = $2', [
      writer,
      batchNo,
    ]);
  }
  const since = (time: Date) =>
    leaves(
      query,
      `SELECT position, leaf FROM request_log WHERE writer = $1 AND batch_no = $2 AND at >= $3
       UNION ALL SELECT position, leaf FROM held_requests WHERE writer = $1 AND batch_no = $2`,
      [writer, batchNo, time],
    );
  // The time names the partitions that are looked into.
  const usual = await since(new Date(committedAt.getTime() - USUAL_MS));
  return usual.length < rows ? since(new Date(0)) : usual;
}

async function leaves(query: BoundedQuery, stored: string, values: readonly unknown[]): Promise<Buffer[]> {
  const found = await query<{ position: number; leaf: Buffer }>(
    `SELECT DISTINCT ON (position) position, leaf FROM (${stored}
     UNION ALL SELECT position, leaf FROM audit_kept_leaves WHERE writer = $1 AND batch_no = $2) AS l
     WHERE leaf IS NOT NULL ORDER BY position`,
    values,
  );
  const isWhole = found.every(({ position }, index) => position === index);
  return isWhole ? found.map(({ leaf }) => leaf) : [];
}
