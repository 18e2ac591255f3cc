import type { Transaction } from '../platform/database/index.js';
import { KEY_STATUS_SQL } from './key-sql.js';
import { KeyLimitReached, KeyNotActive, TooManySecrets } from './keys.errors.js';

/**
 * Whether a store has room for one more active key. Counts under a lock on the store, so that two creations at once
 * cannot both be the last.
 * @throws KeyLimitReached
 */
export async function assertBelowLimit(tx: Transaction, storeId: string, most: number): Promise<void> {
  await tx.query('SELECT 1 FROM stores WHERE id = $1 FOR NO KEY UPDATE', [storeId]);
  const [row] = await tx.query<{ active: number }[]>(
    `SELECT count(*)::integer AS active FROM keys k WHERE k.store_id = $1 AND ${KEY_STATUS_SQL} = 'active'`,
    [storeId],
  );
  if ((row?.active ?? 0) >= most) throw new KeyLimitReached(most);
}

/** What has ended stays ended. @throws KeyNotActive */
export async function assertActive(tx: Transaction, keyId: string): Promise<void> {
  const [row] = await tx.query<{ status: 'active' | 'revoked' | 'expired' }[]>(
    `SELECT ${KEY_STATUS_SQL} AS status FROM keys k WHERE k.id = $1`,
    [keyId],
  );
  if (row && row.status !== 'active') throw new KeyNotActive(row.status);
}

/** Secrets of one key that work at the same time. */
const MOST_WORKING_SECRETS = 5;

/**
 * Those of some keys (UUIDs) that a rotation with a grace period would leave with more working secrets than a key may
 * have: each rotation leaves one more behind.
 */
export async function fullOfSecrets(
  tx: Transaction,
  keyIds: readonly string[],
  graceSeconds: number,
): Promise<ReadonlySet<string>> {
  if (graceSeconds === 0 || keyIds.length === 0) return new Set();
  const rows = await tx.query<{ keyId: string }[]>(
    `SELECT key_id AS "keyId" FROM key_secrets
     WHERE key_id = ANY ($1) AND coalesce(not_after > gate_clock(), true)
     GROUP BY key_id HAVING count(*) >= $2`,
    [keyIds, MOST_WORKING_SECRETS],
  );
  return new Set(rows.map(({ keyId }) => keyId));
}

/** @throws TooManySecrets */
export async function assertRoomForSecret(
  tx: Transaction,
  keyId: string,
  graceSeconds: number,
): Promise<void> {
  const full = await fullOfSecrets(tx, [keyId], graceSeconds);
  if (full.has(keyId)) throw new TooManySecrets(MOST_WORKING_SECRETS);
}
