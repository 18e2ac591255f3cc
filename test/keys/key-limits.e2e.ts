import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setGateClock } from '../support/gate-clock.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { Calls, type KeyView, refusalOf, uuidOf } from './key-calls.js';
import { eventsOf } from './key-life.js';

const HOUR = 3_600;
const DAY = 86_400;
/** The middle of an hour, so that no test runs over its end. */
const NOON = Date.UTC(2026, 10, 20, 12, 30, 0) / 1000;
const NONE = { hour: null, day: null };

let app: TestApp;
let calls: Calls;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
afterAll(() => app.close());
beforeEach(() => setClock(NOON));

const setClock = (seconds: number) => setGateClock(app, seconds);
const get = (key: { token: string }) => calls.call<unknown>(key, 'get', '/campaigns?limit=1');
const patch = (admin: TestKey, key: { id: string }, limits: unknown) =>
  calls.call(admin, 'patch', `/keys/${key.id}`).send({ limits: limits as object });
/** What the ledger holds of the key and of its organization in this hour and day. */
const charged = async (kind: 'key' | 'organization', publicId: string) => {
  const [row] = await app.sql<{ hour_used: number; day_used: number }>(
    'SELECT hour_used, day_used FROM quota_ledger WHERE subject = $1',
    [uuidOf(kind, publicId)],
  );
  return row ? [row.hour_used, row.day_used] : null;
};

describe('limits of a key’s own', () => {
  it('are given, changed one by one, removed, and told; rotation keeps them', async () => {
    const admin = await calls.admin();
    expect((await calls.create(admin)).limits).toEqual(NONE);
    const key = await calls.create(admin, { limits: { hour: 100 } });
    expect(key.limits).toEqual({ hour: 100, day: null });
    const limitsAfter = async (limits: object) => (await patch(admin, key, limits).expect(200)).body.limits;
    expect(await limitsAfter({ day: 1_000 })).toEqual({ hour: 100, day: 1_000 });
    expect(await limitsAfter({})).toEqual({ hour: 100, day: 1_000 });
    expect(await limitsAfter({ hour: null })).toEqual({ hour: null, day: 1_000 });
    const rotated = await calls.call(admin, 'post', `/keys/${key.id}/rotate`).expect(200);
    expect(rotated.body.limits).toEqual({ hour: null, day: 1_000 });
    const shown = await calls.call(admin, 'get', `/keys/${key.id}`).expect(200);
    expect(shown.body.limits).toEqual({ hour: null, day: 1_000 });
    const listed = await calls.call<{ data: KeyView[] }>(admin, 'get', `/stores/${admin.storeId}/keys`);
    expect(listed.body.data.find(({ id }) => id === key.id)?.limits).toEqual({ hour: null, day: 1_000 });
    expect(await limitsAfter({ hour: 5, day: null })).toEqual({ hour: 5, day: null });

    const told = await eventsOf(app, key.id);
    expect(told.flatMap(({ data }) => (data['changes'] ? [data['changes']] : []))).toEqual([
      { limits: { from: { hour: 100, day: null }, to: { hour: 100, day: 1_000 } } },
      { limits: { from: { hour: 100, day: 1_000 }, to: { hour: null, day: 1_000 } } },
      { limits: { from: { hour: null, day: 1_000 }, to: { hour: 5, day: null } } },
    ]);
  });

  it.each<[unknown, string]>([
    [{ hour: 0 }, 'limits.hour'],
    [{ day: -1 }, 'limits.day'],
    [{ hour: 1.5 }, 'limits.hour'],
    [{ hour: '5' }, 'limits.hour'],
    [{ day: 2_147_483_647 }, 'limits.day'],
    [{ hour: 'plan' }, 'limits.hour'],
    [{ minute: 5 }, 'limits.minute'],
    [null, 'limits'],
    [5, 'limits'],
  ])('are never %j', async (limits, field) => {
    const admin = await calls.admin();
    const refused = [400, 'INVALID_INPUT', expect.objectContaining({ field })];
    expect(refusalOf(await patch(admin, admin, limits))).toEqual(refused);
    const created = await calls
      .call(admin, 'post', `/stores/${admin.storeId}/keys`)
      .send({ name: 'X', roleId: 'read-only', limits });
    expect(refusalOf(created)).toEqual(refused);
  });

  it('bind the next request of a key that is warm', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    const answers: string[] = [await calls.use(key.token)];
    for (const limits of [{ hour: 1 }, { hour: 2 }, { day: 2 }, { hour: null, day: 3 }, { day: null }]) {
      await patch(admin, key, limits).expect(200);
      answers.push(await calls.use(key.token), await calls.use(key.token));
    }
    expect(answers).toEqual([
      'ok', // before there was a limit: not counted against it
      ...['ok', 'QUOTA_EXCEEDED'],
      ...['ok', 'QUOTA_EXCEEDED'],
      ...['QUOTA_EXCEEDED', 'QUOTA_EXCEEDED'],
      ...['ok', 'QUOTA_EXCEEDED'],
      ...['ok', 'ok'],
    ]);
  });

  it('stand among the windows of the headers, the tightest one first to be told', async () => {
    const admin = await calls.admin({ plan: 'hourly-starter' });
    const key = await calls.create(admin, { limits: { hour: 3, day: 50 } });
    const { headers } = await get(key).expect(200);
    const [toHour, toDay] = [HOUR / 2, DAY / 2 - HOUR / 2];
    expect(headers).toMatchObject({
      'x-ratelimit-limit': '3',
      'x-ratelimit-remaining': '2',
      'x-ratelimit-reset': String(NOON + toHour),
      'ratelimit-policy': '"hour";q=100;w=3600, "key-hour";q=3;w=3600, "key-day";q=50;w=86400',
      // one request of the administrator's own made the key
      ratelimit: `"hour";r=98;t=${toHour}, "key-hour";r=2;t=${toHour}, "key-day";r=49;t=${toDay}`,
    });
    await patch(admin, key, { hour: 5_000, day: 6_000 }).expect(200);
    const loose = await get(key).expect(200);
    expect(loose.headers).toMatchObject({ 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '96' });
  });

  it('refuse without an upgrade, and charge nobody; a sibling goes on', async () => {
    const admin = await calls.admin({ plan: 'hourly-starter' });
    const key = await calls.create(admin, { limits: { hour: 1 } });
    await get(key).expect(200);
    const before = await charged('organization', admin.organizationId);
    const refused = await get(key);
    const resetsAt = new Date((NOON + HOUR / 2) * 1000).toISOString();
    expect(refusalOf(refused)).toEqual([
      429,
      'QUOTA_EXCEEDED',
      {
        windows: [
          { window: 'hour', limit: 100, used: 2, resetsAt },
          { window: 'key-hour', limit: 1, used: 1, resetsAt },
        ],
        upgrade: null,
      },
    ]);
    expect(refused.body.error.message).toContain('key’s own limit');
    expect(refused.headers['retry-after']).toBe(String(HOUR / 2));
    expect(await charged('organization', admin.organizationId)).toEqual(before);
    expect(await charged('key', key.id)).toEqual([1, 1]);
    expect(await calls.use(admin.token)).toBe('ok');
  });

  it('are not charged for what the organization’s quota refuses', async () => {
    const admin = await calls.admin({ plan: 'hourly-starter' });
    const key = await calls.create(admin, { limits: { hour: 50 } });
    await get(key).expect(200);
    await app.sql('UPDATE organizations SET hour_limit = 2 WHERE id = $1', [
      uuidOf('organization', admin.organizationId),
    ]);
    const refused = await get(key);
    expect(refusalOf(refused)[1]).toBe('QUOTA_EXCEEDED');
    expect(refused.body.error.message).toContain('The plan');
    expect(await charged('key', key.id)).toEqual([1, 1]);
    expect(await charged('organization', admin.organizationId)).toEqual([2, 2]);
  });

  it('say when to come back by whichever exhausted window ends last', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin, { limits: { hour: 1 } });
    await app.sql('UPDATE organizations SET day_limit = 2 WHERE id = $1', [
      uuidOf('organization', admin.organizationId),
    ]);
    await get(key).expect(200);
    const refused = await get(key);
    const midnight = Math.ceil(NOON / DAY) * DAY;
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, String(midnight - NOON)]);
    await setClock(midnight - 1);
    expect((await get(key)).headers['retry-after']).toBe('1');
    await setClock(midnight);
    expect((await get(key)).status).toBe(200);
    expect((await get(key)).headers['retry-after']).toBe(String(HOUR));
  });
});
