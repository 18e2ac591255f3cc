import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { People } from '../members/people.js';
import { releaseGateClock, setGateClock } from '../support/gate-clock.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { Calls, refusalOf, uuidOf } from './key-calls.js';
import { keyUsageOf, usageOf, type WindowView } from './usage-views.js';

let app: TestApp;
let calls: Calls;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
afterAll(() => app.close());

const use = async (key: TestKey, times: number) => {
  for (let n = 1; n <= times; n++) await calls.call(key, 'get', `/campaigns?page=${n}`).expect(200);
};
const limit = (key: TestKey, column: 'hour_limit' | 'day_limit', value: number) =>
  app.sql(`UPDATE organizations SET ${column} = $2 WHERE id = $1`, [
    uuidOf('organization', key.organizationId),
    value,
  ]);
const figures = (windows: readonly WindowView[]) =>
  windows.map(({ window, limit: most, used, remaining }) => [window, most, used, remaining]);

describe('GET /usage', () => {
  it('tells every window, as the headers do, and costs nothing', async () => {
    const key = await app.createKey({ plan: 'starter', role: 'read-only' });
    await use(key, 3);
    const first = await usageOf(calls, key);
    expect(first).toMatchObject({
      plan: { id: 'starter', name: 'Starter' },
      subject: { kind: 'organization', id: key.organizationId, name: 'Test organization' },
      pollSeconds: 3_600,
      windows: [{ window: 'day', limit: 30, used: 3, remaining: 27 }],
    });
    const midnight = Math.ceil(Date.parse(first.at) / 86_400_000) * 86_400_000;
    expect(first.windows[0]?.resetsAt).toBe(new Date(midnight).toISOString());
    // the identical request at once: no polling interval holds for what is free
    const second = await calls.call(key, 'get', '/usage').expect(200);
    expect(second.headers).toMatchObject({ 'x-ratelimit-remaining': '27' });
    expect(figures((await usageOf(calls, key)).windows)).toEqual([['day', 30, 3, 27]]);
  });

  it('tells both windows of a plan, where nothing is left too', async () => {
    const key = await app.createKey({ plan: 'hourly-starter' });
    await limit(key, 'day_limit', 2);
    await use(key, 2);
    await calls.call(key, 'get', '/campaigns').expect(429);
    const { windows, at } = await usageOf(calls, key);
    expect(figures(windows)).toEqual([
      ['hour', 100, 2, 98],
      ['day', 2, 2, 0],
    ]);
    expect(windows[1]?.projectedExhaustionAt).toBe(at);
  });

  it('projects by the pace of the window so far, by the database clock', async () => {
    const key = await app.createKey({ plan: 'hourly-starter' });
    const hour = Date.parse(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`);
    const atMinute = (minute: number) => setGateClock(app, hour / 1000 + minute * 60);
    const projected = async () => (await usageOf(calls, key)).windows[0]?.projectedExhaustionAt;
    try {
      await atMinute(20);
      expect(await projected()).toBeNull();
      await use(key, 10);
      expect(await projected()).toBeNull();
      await limit(key, 'hour_limit', 15);
      expect(await projected()).toBe(new Date(hour + 30 * 60_000).toISOString());
      await atMinute(50);
      expect(await projected()).toBeNull();
      await atMinute(61);
      expect(figures((await usageOf(calls, key)).windows)).toEqual([['hour', 15, 0, 15]]);
    } finally {
      await releaseGateClock(app);
    }
  });

  it('tells a key its own limits too, and of each key those it has', async () => {
    const admin = await calls.admin({ plan: 'hourly-starter' });
    const limited = await app.createKey({ storeId: admin.storeId });
    await app.sql('UPDATE keys SET hour_limit = 5, day_limit = 50 WHERE id = $1', [
      uuidOf('key', limited.id),
    ]);
    await use(limited, 2);
    await use(admin, 1);
    const own = [
      ['key-hour', 5, 2, 3],
      ['key-day', 50, 2, 48],
    ];
    expect(figures((await usageOf(calls, limited)).windows)).toEqual([['hour', 100, 3, 97], ...own]);
    expect(figures((await keyUsageOf(calls, admin, limited.id)).windows)).toEqual([
      ['hour', 100, 3, 97],
      ...own,
    ]);
    const { windows, keys } = await usageOf(calls, admin);
    expect(figures(windows)).toEqual([['hour', 100, 3, 97]]);
    expect(keys.data.map((key) => [key.id, figures(key.windows)])).toEqual([
      [limited.id, own],
      [admin.id, []],
    ]);
  });

  it('tells a test key of its sandbox alone', async () => {
    const admin = await calls.admin({ plan: 'pro' });
    const { body } = await calls.call(admin, 'post', `/stores/${admin.storeId}/sandbox`).expect(201);
    const tester = await app.createKey({ storeId: body.id });
    await use(tester, 2);
    const used = await usageOf(calls, tester);
    expect(used.subject).toMatchObject({ kind: 'sandbox', id: body.id });
    expect(figures(used.windows)).toEqual([['day', 5_000, 2, 4_998]]);
    expect(used.stores.map(({ id }) => id)).toEqual([body.id]);
    // a live key's reach ends at its store, a test key's at its sandbox
    await calls.call(tester, 'get', `/usage?storeId=${admin.storeId}`).expect(404);
    await calls.call(admin, 'get', `/usage?storeId=${body.id}`).expect(404);
  });

  it('names a store and keys as far as whoever asks may see them', async () => {
    const admin = await calls.admin();
    const { body } = await calls.call(admin, 'post', '/stores').send({ name: 'Other' }).expect(201);
    const other = await app.createKey({ storeId: body.id });
    const plain = await app.createKey({ storeId: admin.storeId });
    for (const key of [admin, other, plain]) await use(key, 1);
    const namedTo = async (by: Parameters<typeof usageOf>[1]) => {
      const { stores, keys, totals } = await usageOf(calls, by);
      return {
        stores: stores.map(({ id }) => id).sort(),
        keys: keys.data.map(({ id }) => id).sort(),
        charged: totals.charged,
      };
    };
    const sorted = (...ids: string[]) => ids.sort();
    const people = new People(app);
    const { organizationId } = admin;
    const charged = 4;
    expect(await namedTo(await people.signedIn({ organizationId }))).toEqual({
      stores: sorted(admin.storeId, body.id),
      keys: sorted(admin.id, other.id, plain.id),
      charged,
    });
    expect(await namedTo(await people.signedIn({ organizationId, role: 'read-only' }))).toEqual({
      stores: sorted(admin.storeId, body.id),
      keys: [],
      charged,
    });
    expect(await namedTo(admin)).toEqual({
      stores: [admin.storeId],
      keys: sorted(admin.id, plain.id),
      charged,
    });
    expect(await namedTo(plain)).toEqual({ stores: [admin.storeId], keys: [plain.id], charged });
  });

  it('tells a key of itself before it was used, and wherever it stands', async () => {
    const admin = await calls.admin();
    expect((await usageOf(calls, admin)).keys).toMatchObject({
      data: [{ id: admin.id, requests: 0, charged: 0 }],
      hasMore: false,
    });
    const busy = await app.createKey({ storeId: admin.storeId });
    const busier = await app.createKey({ storeId: admin.storeId });
    await use(busy, 1);
    await use(busier, 2);
    const { keys } = await usageOf(calls, admin, '?limit=1');
    expect(keys.data.map(({ id }) => id)).toEqual([busier.id, admin.id]);
    expect(keys.hasMore).toBe(true);
  });

  it.each([
    ['?from=2020-01-01', 'from', 'must be within the last 400 days: figures are not kept longer'],
    ['?to=2020-01-01', 'to', 'must be within the last 400 days: figures are not kept longer'],
    ['?from=9000-01-01&to=9000-01-02', 'from', 'must not be in the future'],
    [`?from=${day(1)}&to=${day(2)}`, 'from', 'must be before `to`'],
    [`?from=${day(3)}T00:00:00Z&to=${day(3)}T00:00:00Z`, 'from', 'must be before `to`'],
    [`?from=${day(91)}`, 'from', 'must be at most 90 days before `to`, which is now where it is not given'],
    ['?granularity=minute', 'granularity', 'must be one of day, hour'],
    ['?limit=101', 'limit', 'must be a whole number from 1 to 100'],
    ['?storeId=key_x', 'storeId', 'must be the id of a store, sto_…'],
  ])('refuses %s', async (query, field, reason) => {
    const key = await app.createKey();
    const answer = await calls.call(key, 'get', `/usage${query}`);
    const [status, code, details] = refusalOf(answer);
    expect([status, code, details]).toMatchObject([400, 'INVALID_INPUT', { field, reason }]);
  });

  it('reaches as far back as figures are kept', async () => {
    const key = await app.createKey();
    const { series } = await usageOf(calls, key, `?from=${day(400)}&to=${day(311)}`);
    expect(series).toHaveLength(90);
    expect((await usageOf(calls, key, `?to=${day(399)}`)).series).toHaveLength(2);
  });
});

describe('GET /keys/:id/usage', () => {
  it('is for the key itself, and for whoever may read its store’s keys', async () => {
    const admin = await calls.admin();
    const plain = await app.createKey({ storeId: admin.storeId });
    const { body } = await calls.call(admin, 'post', '/stores').send({ name: 'Other' }).expect(201);
    const elsewhere = await app.createKey({ storeId: body.id, role: 'admin' });
    await use(plain, 2);
    expect((await keyUsageOf(calls, plain, plain.id)).totals).toEqual({ requests: 2, charged: 2 });
    expect(await keyUsageOf(calls, admin, plain.id)).toMatchObject({
      subject: { kind: 'organization', id: admin.organizationId },
      key: { id: plain.id, name: 'Test key', status: 'active' },
      totals: { requests: 3, charged: 2 },
    });
    await calls.call(plain, 'get', `/keys/${admin.id}/usage`).expect(403);
    await calls.call(elsewhere, 'get', `/keys/${plain.id}/usage`).expect(404);
    await calls.call(admin, 'get', `/keys/${toPublicId('key', newUuid())}/usage`).expect(404);
  });

  it('costs nothing, and may be polled', async () => {
    const key = await app.createKey({ plan: 'starter', role: 'read-only' });
    await use(key, 1);
    for (const requests of [1, 2, 3]) {
      const { totals, windows } = await keyUsageOf(calls, key, key.id);
      expect(totals).toEqual({ requests, charged: 1 });
      expect(figures(windows)).toEqual([['day', 30, 1, 29]]);
    }
  });

  it('stays readable when the key is deleted, within its store', async () => {
    const admin = await calls.admin();
    const key = await app.createKey({ storeId: admin.storeId });
    const unused = await app.createKey({ storeId: admin.storeId });
    const { body } = await calls.call(admin, 'post', '/stores').send({ name: 'Other' }).expect(201);
    const elsewhere = await app.createKey({ storeId: body.id, role: 'admin' });
    await use(key, 2);
    await calls.call(admin, 'patch', `/keys/${key.id}`).send({ name: 'Renamed' }).expect(200);
    for (const { id } of [key, unused]) await calls.call(admin, 'delete', `/keys/${id}`).expect(204);
    expect(await keyUsageOf(calls, admin, key.id)).toMatchObject({
      key: { id: key.id, name: 'Renamed', storeId: admin.storeId, status: 'deleted' },
      totals: { requests: 2, charged: 2 },
    });
    await calls.call(elsewhere, 'get', `/keys/${key.id}/usage`).expect(404);
    await calls.call(admin, 'get', `/keys/${unused.id}/usage`).expect(404);
  });

  it('refuses a range as GET /usage does', async () => {
    const key = await app.createKey();
    const answer = await calls.call(key, 'get', `/keys/${key.id}/usage?from=2020-01-01`);
    expect(answer.status).toBe(400);
    await calls.call(key, 'get', `/keys/${key.id}/usage?storeId=${key.storeId}`).expect(400);
  });
});

/** A day some days ago, as `2026-03-01`. */
function day(ago: number): string {
  return new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
}
