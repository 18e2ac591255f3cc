import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KeySecretHolder } from '../../src/keys/key-secret-holder.js';
import { SealedHashes } from '../../src/keys/sealed-hashes.js';
import { MasterSecrets } from '../../src/platform/crypto/index.js';
import { Database } from '../../src/platform/database/index.js';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { storeAsFirstVersion } from '../support/first-version.js';
import { call } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

const OLD = 'an old master secret for tests, long enough';
const NEW = 'the new master secret for tests, long enough';

interface Stored {
  readonly version: number;
  readonly master: string;
  readonly sealed: boolean;
}

let database: TestDatabase;
/** Knows the old master secret alone; both, in either order; the new one alone. */
let before: TestApp;
let changing: TestApp;
let after: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  const start = (environment: Record<string, string>) => startTestApp({ database, environment });
  before = await start({ GATEHOUSE_SECRET: OLD });
  changing = await start({ GATEHOUSE_SECRET: NEW, GATEHOUSE_SECRET_PREVIOUS: OLD });
  after = await start({ GATEHOUSE_SECRET: NEW });
});
afterAll(async () => {
  for (const app of [before, changing, after]) await app.close();
  await database.drop();
});

const use = async (app: TestApp, { token }: TestKey): Promise<number> => {
  const { status } = await call(app.url, '/api/v1/me', { token });
  await app.get(SealedHashes).idle();
  return status;
};
const stored = async ({ id }: TestKey): Promise<Stored | undefined> => {
  const [row] = await database.sql<{ version: number; master: string; sealed: boolean }>(
    `SELECT digest_version AS version, master_id AS master, sealed_hash IS NOT NULL AS sealed
     FROM key_secrets WHERE key_id = $1`,
    [fromPublicId('key', id)],
  );
  return row;
};
const renew = (app: TestApp) =>
  app
    .get(Database)
    .write({ actor: { type: 'system', id: 'test' } }, (tx) => app.get(KeySecretHolder).renew(tx, 500));
const underOf = (master: string) => new MasterSecrets(master).currentId;

describe('a secret of the first version', () => {
  it('works, and is renewable after one use, its digest being as it was until then', async () => {
    const key = await before.createKey();
    await storeAsFirstVersion(database, key, OLD);
    expect(await renew(changing)).toBe(0);
    expect(await use(changing, key)).toBe(200);
    expect(await stored(key)).toEqual({ version: 1, master: underOf(OLD), sealed: true });
    expect(await use(before, key)).toBe(200);

    expect(await renew(changing)).toBe(1);
    expect(await stored(key)).toEqual({ version: 2, master: underOf(NEW), sealed: true });
    // The one that had it in its cache, one that asks, and one that never knew the old master secret.
    for (const app of [changing, after]) expect(await use(app, key)).toBe(200);
    expect(await use(before, key)).toBe(401);
  });

  it('is sealed once, without a trace of it in the change log, or a new ETag', async () => {
    const key = await before.createKey({ role: 'admin' });
    await storeAsFirstVersion(database, key, OLD);
    const path = `/api/v1/keys/${key.id}`;
    const first = await call(before.url, path, { token: key.token });
    await before.get(SealedHashes).idle();
    for (let i = 0; i < 3; i++) expect(await use(i % 2 ? before : changing, key)).toBe(200);
    const again = await call(before.url, path, { token: key.token });
    expect(again.headers.etag).toBe(first.headers.etag);

    const rows = await database.sql<{ actor: string; before: object; after: object }>(
      `SELECT actor_type || '/' || actor_id AS actor, before, after FROM change_log
       WHERE entity = 'key_secret' AND action = 'update' AND actor_type = 'system' AND after->>'key_id' = $1`,
      [fromPublicId('key', key.id)],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ actor: 'system/rehash' });
    expect(rows[0]?.before).toEqual(rows[0]?.after);
    expect(Object.keys(rows[0]?.after ?? {})).toEqual(expect.not.arrayContaining(['digest', 'sealed_hash']));
    const keyRows = await database.sql(
      `SELECT 1 FROM change_log WHERE entity = 'key' AND action = 'update' AND entity_id = $1`,
      [fromPublicId('key', key.id)],
    );
    expect(keyRows).toEqual([]);
  });
});

describe('renewing', () => {
  it('leaves what is under the current master secret alone, and takes what ended too', async () => {
    await renew(changing);
    const current = await after.createKey();
    const ended = await before.createKey({ expiresAt: new Date(Date.now() - 1_000) });
    expect(await renew(changing)).toBe(1);
    expect(await stored(ended)).toMatchObject({ master: underOf(NEW) });
    expect(await renew(changing)).toBe(0);
    expect(await use(after, current)).toBe(200);
  });

  it('throws away a box that was altered, and goes on', async () => {
    const keys = [await before.createKey(), await before.createKey()];
    const [broken, sound] = keys as [TestKey, TestKey];
    await database.sql(
      `UPDATE key_secrets SET sealed_hash = set_byte(sealed_hash, 40, get_byte(sealed_hash, 40) # 1) WHERE key_id = $1`,
      [fromPublicId('key', broken.id)],
    );
    expect(await renew(changing)).toBe(1);
    expect(await stored(sound)).toMatchObject({ master: underOf(NEW) });
    expect(await stored(broken)).toEqual({ version: 2, master: underOf(OLD), sealed: false });
    expect(await use(changing, broken)).toBe(200);
    expect(await renew(changing)).toBe(1);
    expect(await use(after, broken)).toBe(200);
  });

  it('takes a box that is under the previous one with it, though the digest is not', async () => {
    const key = await before.createKey();
    await storeAsFirstVersion(database, key, NEW);
    // A process of which the new one is the previous still: it seals under the old one.
    const swapped = await startTestApp({
      database,
      environment: { GATEHOUSE_SECRET: OLD, GATEHOUSE_SECRET_PREVIOUS: NEW },
    });
    expect(await use(swapped, key)).toBe(200);
    await swapped.close();
    expect(await stored(key)).toEqual({ version: 1, master: underOf(NEW), sealed: true });
    const holder = changing.get(KeySecretHolder);
    const oldOnes = async () =>
      (await holder.count(changing.get(Database).manager)).find(({ masterId }) => masterId === underOf(OLD));
    expect((await oldOnes())?.count).toBe(1);
    expect(await renew(changing)).toBe(1);
    expect(await oldOnes()).toBeUndefined();
  });

  it('waits for nobody: a key that is being changed is passed over', async () => {
    const key = await before.createKey();
    await before.get(Database).write({ actor: { type: 'system', id: 'test' } }, async (tx) => {
      await tx.query('SELECT 1 FROM keys WHERE id = $1 FOR UPDATE', [fromPublicId('key', key.id)]);
      expect(await renew(changing)).toBe(0);
    });
    expect(await renew(changing)).toBe(1);
  });
});
