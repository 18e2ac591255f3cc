import type { MasterSecrets } from '../platform/crypto/index.js';
import type { Queryable } from './key-lookup.js';
import { boxMasterId } from './sealed-hash-sql.js';

/** The secrets of keys under one master secret. */
export interface SecretCount {
  /** The id of the master secret. */
  readonly masterId: string;
  readonly count: number;
  /** Those with which somebody can still come in: neither revoked nor at their end. */
  readonly working: number;
  /** Those that cannot be renewed until their token is used again. */
  readonly waiting: number;
  readonly workingWaiting: number;
}

/** SQL, over `key_secrets s JOIN keys k`: whether it still lets anybody in. */
export const WORKING_SQL = `(k.revoked_at IS NULL AND coalesce(least(k.expires_at, s.not_after) > gate_clock(), true))`;

/** SQL with the accepted ids as $1: whether its hash cannot be read, so that no other digest can be made. */
export const WAITING_SQL = `coalesce(${boxMasterId('s.sealed_hash')} <> ALL ($1::text[]), true)`;

/**
 * SQL with the accepted ids as $1, the current one first: the master secret that it needs beside the current one.
 * That is the digest's; or the box's, which would be lost with its own.
 */
export const NEEDED_MASTER_SQL = `CASE WHEN s.master_id = ($1::text[])[1] AND ${boxMasterId('s.sealed_hash')} = ANY ($1::text[])
  THEN ${boxMasterId('s.sealed_hash')} ELSE s.master_id END`;

/** Counts the secrets of all keys by the master secret that they are under; ended ones count too. */
export function countSecrets(
  database: Queryable,
  { ids }: Pick<MasterSecrets, 'ids'>,
): Promise<SecretCount[]> {
  return database.query<SecretCount[]>(
    `SELECT "masterId", count(*)::integer AS "count",
       (count(*) FILTER (WHERE working))::integer AS "working",
       (count(*) FILTER (WHERE waiting))::integer AS "waiting",
       (count(*) FILTER (WHERE working AND waiting))::integer AS "workingWaiting"
     FROM (
       SELECT ${NEEDED_MASTER_SQL} AS "masterId", ${WORKING_SQL} AS working, ${WAITING_SQL} AS waiting
       FROM key_secrets s JOIN keys k ON k.id = s.key_id
     ) AS secret
     GROUP BY 1 ORDER BY 1`,
    [ids],
  );
}
