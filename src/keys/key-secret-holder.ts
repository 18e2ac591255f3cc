import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  BoxBroken,
  type HeldCount,
  type HeldSecret,
  MasterSecrets,
  type SecretHolder,
  SecretHolders,
} from '../platform/crypto/index.js';
import type { Transaction } from '../platform/database/index.js';
import { toPublicId } from '../platform/ids/index.js';
import { boxMasterId } from './sealed-hash-sql.js';
import { countSecrets, NEEDED_MASTER_SQL, WAITING_SQL, WORKING_SQL } from './secret-counts.js';
import { TokenDigests } from './token-digests.js';

// What somebody else is changing now is left to the next batch: nobody waits for this, and this for nobody.
const TAKE = `
SELECT s.id, s.sealed_hash AS "sealedHash"
FROM key_secrets s JOIN keys k ON k.id = s.key_id
WHERE (s.master_id <> ($1::text[])[1] OR s.digest_version < 2 OR ${boxMasterId('s.sealed_hash')} <> ($1::text[])[1])
  AND NOT ${WAITING_SQL}
LIMIT $2 FOR NO KEY UPDATE OF k, s SKIP LOCKED`;

const RENEW = `
UPDATE key_secrets s
SET digest = r.digest, digest_version = 2, master_id = $2, sealed_hash = r.sealed_hash
FROM unnest($1::uuid[], $3::bytea[], $4::bytea[]) AS r (id, digest, sealed_hash)
WHERE s.id = r.id`;

const LEFT = `
SELECT k.id, k.name, ${WORKING_SQL} AS working, NOT ${WAITING_SQL} AS renewable,
  (SELECT max(a.last_used_at) FROM key_activity a WHERE a.key_id = k.id AND a.secret_id = s.id) AS "lastUsedAt"
FROM key_secrets s JOIN keys k ON k.id = s.key_id
WHERE ${NEEDED_MASTER_SQL} <> ($1::text[])[1]
ORDER BY working DESC, renewable, "lastUsedAt" DESC NULLS LAST, s.id
LIMIT $2`;

/** The secrets of keys, for a change of the master secret. A server that runs finds them before and after. */
@Injectable()
export class KeySecretHolder implements SecretHolder, OnModuleInit {
  readonly name = 'key secrets';

  constructor(
    private readonly holders: SecretHolders,
    private readonly secrets: MasterSecrets,
    private readonly digests: TokenDigests,
  ) {}

  onModuleInit(): void {
    this.holders.register(this);
  }

  count(tx: Transaction): Promise<HeldCount[]> {
    return countSecrets(tx, this.secrets);
  }

  async renew(tx: Transaction, limit: number): Promise<number> {
    for (;;) {
      const rows = await tx.query<{ id: string; sealedHash: Buffer }[]>(TAKE, [this.secrets.ids, limit]);
      if (rows.length === 0) return 0;
      const { renewed, broken } = this.renewed(rows);
      // A box that was altered is of no use; the next use of its token makes another.
      if (broken.length > 0) {
        await tx.query('UPDATE key_secrets SET sealed_hash = NULL WHERE id = ANY ($1)', [broken]);
      }
      if (renewed.length === 0) continue;
      await tx.query(RENEW, [
        renewed.map(({ id }) => id),
        this.secrets.currentId,
        renewed.map(({ stored }) => stored.digest),
        renewed.map(({ stored }) => stored.sealedHash),
      ]);
      return renewed.length;
    }
  }

  async left(tx: Transaction, limit: number): Promise<HeldSecret[]> {
    const rows = await tx.query<HeldSecret[]>(LEFT, [this.secrets.ids, limit]);
    return rows.map((row) => ({ ...row, id: toPublicId('key', row.id) }));
  }

  private renewed(rows: readonly { id: string; sealedHash: Buffer }[]) {
    const broken: string[] = [];
    const renewed = rows.flatMap(({ id, sealedHash }) => {
      try {
        return [{ id, stored: this.digests.storedOfHash(id, this.digests.open(id, sealedHash)) }];
      } catch (error) {
        if (!(error instanceof BoxBroken)) throw error;
        broken.push(id);
        return [];
      }
    });
    return { renewed, broken };
  }
}
