import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditLeader, bundleLines, SigningKeys, verifyLines } from '../../src/audit/index.js';
import { Database } from '../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

let database: TestDatabase;
let app: TestApp;
let second: TestApp;
let key: TestKey;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ database });
  second = await startTestApp({ database });
  key = await app.createKey();
});
afterAll(async () => {
  await second.close();
  await app.close();
  await database.drop();
});

const keys = () =>
  database.sql<{ id: string; public_key: string; generation: number; endorsed_by: string | null }>(
    `SELECT id, encode(public_key, 'hex') AS public_key, generation, endorsed_by FROM audit_signing_keys
     ORDER BY generation`,
  );

/** Who signed what a process writes next. */
async function signerOf({ request }: TestApp): Promise<string | undefined> {
  const { headers } = await request.get('/api/v1/me').set('Authorization', `Bearer ${key.token}`).expect(200);
  const [row] = await database.sql<{ signing_key: string }>(
    `SELECT b.signing_key FROM audit_batches b JOIN request_log r USING (writer, batch_no)
     ORDER BY r.request_id DESC LIMIT 1`,
  );
  expect(headers['x-request-id']).toBeDefined();
  return row?.signing_key;
}

async function verified(trusted: string) {
  await app.get(AuditLeader).round();
  const lines = async function* () {
    for await (const group of bundleLines(app.get(Database))) yield group.map((line) => Buffer.from(line));
  };
  return verifyLines(lines(), { trusted: [trusted], published: [], most: 10 });
}

describe('rotating the key that signs the logs', () => {
  it('is taken up by another process with its next round; what was signed before stays valid', async () => {
    const before = await signerOf(second);
    const made = await app.get(SigningKeys).rotate();
    expect(made).not.toBe(before);
    expect(await signerOf(app)).toBe(made);
    expect(await signerOf(second)).toBe(before);
    await second.get(AuditLeader).round();
    expect(await signerOf(second)).toBe(made);
    const [first] = await keys();
    expect(await verified(first?.public_key ?? '')).toMatchObject({ intact: true, trustedOnFirstUse: null });
  });

  it('makes one key, however many ask at once, endorsed by the one before', async () => {
    const last = (await keys()).at(-1);
    const made = await Promise.all([app, second, app, second].map((each) => each.get(SigningKeys).rotate()));
    const all = await keys();
    const fresh = all.filter(({ generation }) => generation > (last?.generation ?? 0));
    // One a process at most; which of the two comes first is theirs to settle.
    expect(fresh.map(({ id }) => id).sort()).toEqual([...new Set(made)].sort());
    expect(all.map(({ endorsed_by }) => endorsed_by)).toEqual([
      null,
      ...all.slice(0, -1).map(({ id }) => id),
    ]);
    for (const each of [app, second]) await each.get(AuditLeader).round();
    expect(await signerOf(app)).toBe(all.at(-1)?.id);
    expect(await signerOf(second)).toBe(all.at(-1)?.id);
    expect(await verified(all[0]?.public_key ?? '')).toMatchObject({ intact: true });
  });

  it('leaves to whoever trusts the newest alone nothing but what that one signed', async () => {
    const all = await keys();
    const late = await verified(all.at(-1)?.public_key ?? '');
    expect(late.intact).toBe(false);
    expect(late.findings.every(({ kind }) => kind === 'untrusted')).toBe(true);
  });
});
