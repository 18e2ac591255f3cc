import type { Transaction } from '../platform/database/index.js';
import { KEY_STATUS_SQL } from './key-sql.js';
import { KeyLimitReached, KeyNotActive } from './keys.errors.js';

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
