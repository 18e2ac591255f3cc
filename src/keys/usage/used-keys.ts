import { lastKeyNames } from '../../audit/index.js';
import type { Transaction } from '../../platform/database/index.js';
import { type QuotaFigures, quotaFiguresSql } from '../../plans/index.js';
import type { KeyStatus } from '../dto/key.query.js';
import { KEY_STATUS_SQL } from '../key-sql.js';

/** A key that there is, with its own limits and what is used of them. */
export interface UsedKey extends QuotaFigures {
  readonly id: string;
  readonly organizationId: string;
  readonly storeId: string;
  readonly name: string;
  readonly status: KeyStatus;
}

const USED_KEYS = `
SELECT k.id, k.organization_id AS "organizationId", k.store_id AS "storeId", k.name, ${KEY_STATUS_SQL} AS status,
  ${quotaFiguresSql({
    hourLimit: 'k.hour_limit',
    dayLimit: 'k.day_limit',
    ledger: 'l',
    at: 'to_timestamp($2::float8 / 1000)',
  })}
FROM keys k LEFT JOIN quota_ledger l ON l.subject = k.id
WHERE k.id = ANY ($1)`;

/**
 * Those of some keys (UUIDs) that are not deleted, by their UUIDs.
 * @param at by which their windows are told, milliseconds since the epoch
 */
export async function usedKeys(
  tx: Transaction,
  ids: readonly string[],
  at: number,
): Promise<ReadonlyMap<string, UsedKey>> {
  const keys = ids.length === 0 ? [] : await tx.query<UsedKey[]>(USED_KEYS, [ids, at]);
  return new Map(keys.map((key) => [key.id, key]));
}

/** What keys are called: those that are deleted, what they were called last; null where nobody knows. */
export async function namesOf(
  tx: Transaction,
  ids: readonly string[],
  keys: ReadonlyMap<string, UsedKey>,
): Promise<(id: string) => string | null> {
  const last = await lastKeyNames(
    tx,
    ids.filter((id) => !keys.has(id)),
  );
  return (id) => keys.get(id)?.name ?? last.get(id) ?? null;
}
