import { createHmac, hkdfSync } from 'node:crypto';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { MasterSecrets } from '../../src/platform/crypto/index.js';
import type { TestDatabase } from './database.js';
import type { TestKey } from './test-app.js';

/** Stores a key's token as the first version did: HMAC of the token itself, and nothing to renew it from. */
export async function storeAsFirstVersion(
  database: Pick<TestDatabase, 'sql'>,
  { id, token }: Pick<TestKey, 'id' | 'token'>,
  master: string,
): Promise<void> {
  const key = Buffer.from(hkdfSync('sha256', master, '', 'gatehouse/v1/token-digest', 32));
  await database.sql(
    `UPDATE key_secrets SET digest = $1, digest_version = 1, master_id = $2, sealed_hash = NULL WHERE key_id = $3`,
    [
      createHmac('sha256', key).update(token).digest(),
      new MasterSecrets(master).currentId,
      fromPublicId('key', id),
    ],
  );
}
