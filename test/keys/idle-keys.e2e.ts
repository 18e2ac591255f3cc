import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { until } from '../../src/platform/database/embedded/testing/until.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { Calls, type KeyView, refusalOf, uuidOf } from './key-calls.js';
import { age, eventsOf, runJob } from './key-life.js';

interface OrganizationView {
  name: string;
  idleKeyDays: number | null;
}

let app: TestApp;
let calls: Calls;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
afterAll(() => app.close());

const revokeIdle = () => runJob(app, 'keys.revoke-idle');
const statusOf = async (admin: TestKey, key: { id: string }) =>
  (await calls.call(admin, 'get', `/keys/${key.id}`).expect(200)).body.status;
const setDays = (admin: TestKey, idleKeyDays: number | null) =>
  calls.call<OrganizationView>(admin, 'patch', '/organization').send({ idleKeyDays }).expect(200);

describe('an organization', () => {
  it('says after how many days without use its keys are revoked; at first never', async () => {
    const admin = await calls.admin();
    const get = async () => (await calls.call<OrganizationView>(admin, 'get', '/organization')).body;
    expect((await get()).idleKeyDays).toBeNull();
    expect((await setDays(admin, 90)).body).toMatchObject({ name: 'Test organization', idleKeyDays: 90 });
    const renamed = await calls
      .call<OrganizationView>(admin, 'patch', '/organization')
      .send({ name: 'Renamed' })
      .expect(200);
    expect(renamed.body).toMatchObject({ name: 'Renamed', idleKeyDays: 90 });
    const session = await app.signIn();
    const byOperator = await calls
      .call<OrganizationView>(session, 'patch', `/organizations/${admin.organizationId}`)
      .send({ idleKeyDays: 30 })
      .expect(200);
    expect(byOperator.body.idleKeyDays).toBe(30);
    await setDays(admin, null);
    expect((await get()).idleKeyDays).toBeNull();
  });

  it.each([0, -1, 3_651, 1.5, '90'])('refuses %j days', async (idleKeyDays) => {
    const admin = await calls.admin();
    const answer = await calls.call(admin, 'patch', '/organization').send({ idleKeyDays });
    expect(refusalOf(answer)).toEqual([
      400,
      'INVALID_INPUT',
      expect.objectContaining({ field: 'idleKeyDays' }),
    ]);
  });
});

describe('keys that nobody uses', () => {
  it('are revoked after the days that their organization says, and told of', async () => {
    const [admin, other] = [await calls.admin(), await calls.admin()];
    const [idle, used, rotated, fresh, foreign] = [
      await calls.create(admin),
      await calls.create(admin),
      await calls.create(admin),
      await calls.create(admin),
      await calls.create(other),
    ];
    for (const key of [idle, used, rotated, foreign]) await age(app, key.id, 30);
    await age(app, fresh.id, 29);
    await calls.use(used.token);
    await calls.call(admin, 'post', `/keys/${rotated.id}/rotate`).expect(200);
    await setDays(admin, 30);
    await revokeIdle();

    expect(await calls.use(idle.token)).toBe('KEY_REVOKED');
    const { body } = await calls.call<KeyView>(admin, 'get', `/keys/${idle.id}`);
    expect(body).toMatchObject({ status: 'revoked', revokedReason: 'unused' });
    for (const key of [used, rotated, fresh]) expect(await statusOf(admin, key)).toBe('active');
    expect(await statusOf(other, foreign)).toBe('active');
    expect((await eventsOf(app, idle.id)).at(-1)).toMatchObject({
      type: 'key.revoked',
      data: { id: idle.id, reason: 'unused' },
    });
    const [change] = await app.sql(
      `SELECT actor_type, actor_id, reason FROM change_log WHERE entity = 'key' AND entity_id = $1 ORDER BY id DESC LIMIT 1`,
      [uuidOf('key', idle.id)],
    );
    expect(change).toEqual({ actor_type: 'system', actor_id: 'idle-keys', reason: 'unused' });
  });

  it('are those that the list shows beforehand', async () => {
    const admin = await calls.admin();
    const keys = [await calls.create(admin), await calls.create(admin), await calls.create(admin)];
    for (const [index, key] of keys.entries()) await age(app, key.id, 9 + index);
    const list = (query: string) =>
      calls.call<{ data: KeyView[] }>(admin, 'get', `/stores/${admin.storeId}/keys?${query}`).expect(200);
    const before = (await list('status=active&unusedDays=10')).body.data.map(({ id }) => id);
    expect(before).toHaveLength(2);
    await setDays(admin, 10);
    await revokeIdle();
    const after = (await list('status=revoked')).body.data.map(({ id }) => id);
    expect(after.sort()).toEqual(before.sort());
  });

  it('stay where their organization is suspended, or says nothing, or does no more', async () => {
    const admins = [await calls.admin(), await calls.admin(), await calls.admin()];
    const keys = await Promise.all(admins.map((admin) => calls.create(admin)));
    for (const { id } of [...admins, ...keys]) await age(app, id, 100);
    const [suspended, , changed] = admins;
    await app.sql(`UPDATE organizations SET status = 'suspended', idle_key_days = 1 WHERE id = $1`, [
      uuidOf('organization', suspended?.organizationId ?? ''),
    ]);
    if (changed) {
      await setDays(changed, 1);
      await setDays(changed, null);
    }
    await revokeIdle();
    const rows = await app.sql<{ revoked_at: Date | null }>(
      'SELECT revoked_at FROM keys WHERE id = ANY ($1)',
      [keys.map(({ id }) => uuidOf('key', id))],
    );
    expect(rows.map(({ revoked_at }) => revoked_at)).toEqual([null, null, null]);
  });

  it('stay where somebody uses them just before', async () => {
    const admin = await calls.admin();
    const [used, idle] = [await calls.create(admin), await calls.create(admin)];
    for (const key of [used, idle]) await age(app, key.id, 50);
    await setDays(admin, 40);
    const client = new pg.Client(app.database.ownerUrl);
    await client.connect();
    try {
      // the job finds both, and waits where it locks them
      await client.query('BEGIN; LOCK TABLE keys IN EXCLUSIVE MODE');
      const running = revokeIdle();
      await until(
        async () => {
          const [row] = await app.sql<{ waiting: number }>(
            `SELECT count(*)::integer AS waiting FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          return row?.waiting === 1;
        },
        () => 'the job to wait',
      );
      expect(await calls.use(used.token)).toBe('ok');
      await client.query('ROLLBACK');
      await running;
    } finally {
      await client.end();
    }
    expect([await statusOf(admin, used), await statusOf(admin, idle)]).toEqual(['active', 'revoked']);
  });

  it('are revoked however many they are', async () => {
    const admin = await calls.admin();
    await app.sql(
      `INSERT INTO keys (id, organization_id, store_id, role_id, name, environment, created_by_type, created_by_id, created_at)
       SELECT gen_random_uuid(), k.organization_id, k.store_id, k.role_id, 'Many', 'live', 'system', 'test', now() - interval '9 days'
       FROM keys k, generate_series(1, 230) WHERE k.id = $1`,
      [uuidOf('key', admin.id)],
    );
    await setDays(admin, 5);
    await revokeIdle();
    const [row] = await app.sql(
      `SELECT count(*)::integer AS left FROM keys WHERE name = 'Many' AND revoked_at IS NULL`,
    );
    expect(row).toEqual({ left: 0 });
    expect(await calls.use(admin.token)).toBe('ok');
  });
});
