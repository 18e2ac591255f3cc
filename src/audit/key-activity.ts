import type { Transaction } from '../platform/database/index.js';

/** When and from where a secret was last used, over all writers. */
export interface SecretUse {
  readonly keyId: string;
  readonly secretId: string;
  readonly lastUsedAt: Date;
  readonly lastUsedIp: string | null;
}

/** The last use of every secret of some keys (UUIDs); secrets never used are absent. */
export function lastUses(tx: Transaction, keyIds: readonly string[]): Promise<SecretUse[]> {
  return tx.query<SecretUse[]>(
    `SELECT DISTINCT ON (key_id, secret_id) key_id AS "keyId", secret_id AS "secretId",
       last_used_at AS "lastUsedAt", host(last_used_ip) AS "lastUsedIp"
     FROM key_activity WHERE key_id = ANY ($1)
     ORDER BY key_id, secret_id, last_used_at DESC`,
    [keyIds],
  );
}
