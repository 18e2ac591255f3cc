import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fromPublicId, toPublicId } from '../../src/platform/ids/index.js';
import { organizationUuid } from '../guarantees/house.js';
import { setGateClock } from '../support/gate-clock.js';
import { call } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

const NOON = Date.UTC(2026, 10, 20, 12, 30, 0) / 1000;
const MIDNIGHT = Date.UTC(2026, 10, 21) / 1000;

interface QuotaEvent {
  type: string;
  subject_id: string;
  store_id: string | null;
  data: { window: string; percent: number; limit: number; used: number; resetsAt: string };
}

describe('events of a quota', () => {
  let app: TestApp;
  let page = 0;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => {
    await app.close();
  });
  beforeEach(async () => {
    await setGateClock(app, NOON);
  });

  const ask = async ({ token }: TestKey, times: number) => {
    const answers = await Promise.all(
      Array.from({ length: times }, () =>
        call(app.url, `/api/v1/campaigns?limit=1&page=${++page}`, { token }),
      ),
    );
    return answers.filter(({ status }) => status === 200).length;
  };
  const eventsOf = (key: TestKey) =>
    app.sql<QuotaEvent>(
      `SELECT type, subject_id, store_id, data FROM events
       WHERE type LIKE 'quota.%' AND organization_id = $1 ORDER BY id`,
      [organizationUuid(key.organizationId)],
    );
  const told = async (key: TestKey) =>
    (await eventsOf(key)).map(({ type, data }) => `${type} ${data.window} ${data.used}/${data.limit}`);
  const limit = (key: TestKey, hour: number, day: number) =>
    app.sql('UPDATE organizations SET hour_limit = $2, day_limit = $3, poll_seconds = 0 WHERE id = $1', [
      organizationUuid(key.organizationId),
      hour,
      day,
    ]);

  it('tell of 80 and of 100 percent, once in a window, and of nothing else', async () => {
    const key = await app.createKey({ plan: 'starter', role: 'read-only' });
    await limit(key, 2_147_483_647, 30);
    await ask(key, 23);
    expect(await told(key)).toEqual([]);
    await ask(key, 1);
    expect(await told(key)).toEqual(['quota.threshold day 24/30']);
    await ask(key, 5);
    expect(await told(key)).toHaveLength(1);
    expect(await ask(key, 12)).toBe(1);
    const [threshold, exceeded, ...more] = await eventsOf(key);
    expect(more).toEqual([]);
    expect([threshold, exceeded]).toEqual([
      {
        type: 'quota.threshold',
        subject_id: key.organizationId,
        store_id: null,
        data: { window: 'day', percent: 80, limit: 30, used: 24, resetsAt: '2026-11-21T00:00:00.000Z' },
      },
      {
        type: 'quota.exceeded',
        subject_id: key.organizationId,
        store_id: null,
        data: { window: 'day', percent: 100, limit: 30, used: 30, resetsAt: '2026-11-21T00:00:00.000Z' },
      },
    ]);
    await ask(key, 4);
    expect(await told(key)).toHaveLength(2);

    await setGateClock(app, MIDNIGHT);
    await ask(key, 24);
    expect(await told(key)).toHaveLength(3);
  });

  it('tell of both where one batch takes all that is left, and of each window by itself', async () => {
    const key = await app.createKey();
    await limit(key, 10, 25);
    expect(await ask(key, 14)).toBe(10);
    expect((await told(key)).sort()).toEqual(['quota.exceeded hour 10/10', 'quota.threshold hour 10/10']);
    await setGateClock(app, NOON + 3_600);
    expect(await ask(key, 10)).toBe(10);
    expect((await told(key)).slice(2).sort()).toEqual([
      'quota.exceeded hour 10/10',
      'quota.threshold day 20/25',
      'quota.threshold hour 10/10',
    ]);
  });

  it('tell anew of a limit that was raised, and at once of one that was lowered', async () => {
    const key = await app.createKey();
    await limit(key, 10, 2_147_483_647);
    await ask(key, 10);
    expect(await told(key)).toHaveLength(2);
    await limit(key, 20, 2_147_483_647);
    await ask(key, 5);
    expect(await told(key)).toHaveLength(2);
    await ask(key, 1);
    expect((await told(key)).slice(2)).toEqual(['quota.threshold hour 16/20']);
    await limit(key, 12, 2_147_483_647);
    expect(await ask(key, 1)).toBe(0);
    expect((await told(key)).slice(3)).toEqual(['quota.exceeded hour 16/12']);
  });

  it('name a sandbox or a key where the limit is theirs', async () => {
    const test = await app.createKey({ sandbox: true });
    await limit(test, 5, 2_147_483_647);
    await ask(test, 4);
    const [ofSandbox] = await eventsOf(test);
    expect(ofSandbox).toMatchObject({
      subject_id: test.storeId,
      store_id: fromPublicId('store', test.storeId),
      data: { window: 'hour', used: 4 },
    });

    const key = await app.createKey();
    const sibling = await app.createKey({ storeId: key.storeId });
    await app.sql('UPDATE keys SET day_limit = 5 WHERE id = $1', [fromPublicId('key', key.id)]);
    await ask(sibling, 5);
    expect(await ask(key, 7)).toBe(5);
    const ofKey = await eventsOf(key);
    expect(ofKey.map(({ type, subject_id, store_id }) => [type, subject_id, store_id])).toEqual([
      ['quota.threshold', key.id, fromPublicId('store', key.storeId)],
      ['quota.exceeded', key.id, fromPublicId('store', key.storeId)],
    ]);
  });

  it('have ids like all others, made by the database', async () => {
    const ids = await app.sql<{ id: string; uuid: string }>(
      `SELECT public_id('org', uuid) AS id, uuid FROM (SELECT gen_random_uuid() AS uuid FROM generate_series(1, 50)) AS u
       UNION ALL SELECT public_id('org', uuid), uuid FROM (VALUES ('00000000-0000-4000-8000-000000000000'::uuid), ('ffffffff-ffff-4fff-bfff-ffffffffffff')) AS u (uuid)`,
    );
    expect(ids.map(({ id }) => id)).toEqual(ids.map(({ uuid }) => toPublicId('organization', uuid)));
    const made = await app.sql<{ uuid: string; now: number }>(
      'SELECT new_uuid_v7() AS uuid, extract(epoch FROM clock_timestamp())::float8 * 1000 AS now FROM generate_series(1, 50)',
    );
    for (const { uuid, now } of made) {
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Math.abs(parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16) - now)).toBeLessThan(1_000);
    }
  });
});
