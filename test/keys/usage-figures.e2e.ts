import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromPublicId, toPublicId } from '../../src/platform/ids/index.js';
import { People } from '../members/people.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { type Caller, Calls } from './key-calls.js';
import { keyUsageOf, sum, type Use, usageOf } from './usage-views.js';

let app: TestApp;
let calls: Calls;

/** An organization with two live stores, a sandbox, and a key that is deleted in the end; and another one. */
let member: Caller;
let admin: TestKey;
let reader: TestKey;
let second: TestKey;
let tester: TestKey;
let gone: TestKey;
let stranger: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
  admin = await calls.admin();
  member = await new People(app).signedIn({ organizationId: admin.organizationId });
  const at = async (storeId: string, role: string) => app.createKey({ storeId, role });
  const made = async (path: string, body: object) =>
    (await calls.call(member, 'post', path).send(body).expect(201)).body.id;
  reader = await at(admin.storeId, 'read-only');
  gone = await at(admin.storeId, 'read-write');
  second = await at(await made('/stores', { name: 'Second store' }), 'read-write');
  tester = await at(await made(`/stores/${admin.storeId}/sandbox`, {}), 'read-write');
  stranger = await calls.admin();
  await app.sql('SELECT audit_ensure_partitions(current_date - 4, 4)');
  for (const hoursAgo of [50, 25, 0]) {
    await work();
    if (hoursAgo > 0) await intoThePast(hoursAgo);
  }
  await calls.call(member, 'delete', `/keys/${gone.id}`).expect(204);
});
afterAll(() => app.close());

/** Some requests of everybody's at once: charged, free and refused ones. */
async function work(): Promise<void> {
  const get = (key: TestKey, times: number, path = '/campaigns') =>
    Array.from({ length: times }, () => calls.call(key, 'get', path));
  await Promise.all([
    ...get(admin, 2),
    ...get(reader, 7),
    ...get(reader, 1, '/me'),
    ...get(reader, 1, '/roles'),
    ...get(second, 5),
    ...get(second, 2, `/stores/${admin.storeId}/campaigns`),
    ...get(gone, 4),
    ...get(tester, 3),
    ...get(stranger, 11),
    calls.call(reader, 'post', '/campaigns').send({ name: 'No' }),
    calls.call(second, 'post', '/campaigns').send({ nonsense: true }),
  ]);
}

/** Moves what happened in these hours back, in the log and in the figures alike. */
async function intoThePast(hours: number): Promise<void> {
  for (const [table, column] of [
    ['request_log', 'at'],
    ['key_usage', 'hour'],
  ]) {
    await app.sql(
      `UPDATE ${table} SET ${column} = ${column} - make_interval(hours => $1) WHERE ${column} > now() - interval '12 hours'`,
      [hours],
    );
  }
}

/** What the log itself says of some keys, by something. */
async function logged(keys: readonly TestKey[], by: string): Promise<Map<string, Use>> {
  const rows = await app.sql<Use & { by: string }>(
    `SELECT ${by}::text AS by, count(*)::integer AS requests, sum(quota_charged)::integer AS charged
     FROM request_log WHERE key_id = ANY ($1) GROUP BY 1`,
    [keys.map(({ id }) => fromPublicId('key', id))],
  );
  return new Map(rows.map(({ by: name, requests, charged }) => [name, { requests, charged }]));
}

const bucket = (granularity: string) =>
  `to_char(date_trunc('${granularity}', at, 'UTC') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"')`;
const usedOf = <T extends Use>(uses: readonly T[], name: (use: T) => string) =>
  new Map(
    uses
      .filter(({ requests }) => requests > 0)
      .map((use) => [name(use), { requests: use.requests, charged: use.charged }]),
  );
const publicly = (kind: 'key' | 'store', uses: Map<string, Use>) =>
  new Map([...uses].map(([id, use]) => [toPublicId(kind, id), use]));

describe('what an organization used', () => {
  it.each(['day', 'hour'])('is by the %s, by store and by key what the log says', async (granularity) => {
    const live = [admin, reader, gone, second];
    const used = await usageOf(calls, member, `?granularity=${granularity}`);
    expect(usedOf(used.series, ({ from }) => from)).toEqual(await logged(live, bucket(granularity)));
    expect(usedOf(used.stores, ({ id }) => id)).toEqual(publicly('store', await logged(live, 'store_id')));
    expect(usedOf(used.keys.data, ({ id }) => id)).toEqual(publicly('key', await logged(live, 'key_id')));
    expect(used.keys.hasMore).toBe(false);
    for (const part of [used.series, used.stores, used.keys.data]) expect(sum(part)).toEqual(used.totals);
    // refused and free requests are requests, and not charged
    expect(used.totals).toEqual({ requests: 3 * 24, charged: 3 * 19 });
  });

  it('names its keys, the most charged first, a deleted one by its last name', async () => {
    const { keys, stores } = await usageOf(calls, member);
    expect(keys.data.map(({ id, status, charged }) => [id, status, charged])).toEqual([
      [reader.id, 'active', 21],
      [second.id, 'active', 18],
      [gone.id, 'deleted', 12],
      [admin.id, 'active', 6],
    ]);
    expect(keys.data.every(({ name }) => name === 'Test key')).toBe(true);
    expect(stores.map(({ name, kind, charged }) => [name, kind, charged])).toEqual([
      ['Test store', 'live', 39],
      ['Second store', 'live', 18],
    ]);
  });

  it('has every day and hour, those without use too', async () => {
    for (const [granularity, length, count] of [
      ['day', 86_400_000, 90],
      ['hour', 3_600_000, 7 * 24],
    ] as const) {
      const { series, from, to } = await usageOf(calls, member, `?granularity=${granularity}`);
      expect(series).toHaveLength(count);
      const starts = series.map((use) => Date.parse(use.from));
      expect(starts.every((start, n) => start === Date.parse(from) + n * length)).toBe(true);
      expect(Date.parse(to)).toBe((starts.at(-1) ?? 0) + length);
    }
    const since = new Date(Date.now() - 90 * 86_400_000 + 60_000).toISOString();
    expect((await usageOf(calls, member, `?granularity=hour&from=${since}`)).series).toHaveLength(2_161);
  });

  it('is of a sandbox apart, and of one store where it is named', async () => {
    const sandbox = await usageOf(calls, member, `?storeId=${tester.storeId}`);
    expect(sandbox.subject).toMatchObject({ kind: 'sandbox', id: tester.storeId });
    expect(sandbox.stores).toMatchObject([{ id: tester.storeId, kind: 'sandbox', requests: 9 }]);
    expect(sandbox.totals).toEqual({ requests: 9, charged: 9 });

    const one = await usageOf(calls, member, `?storeId=${second.storeId}`);
    expect(one.subject).toMatchObject({ kind: 'organization', id: admin.organizationId });
    expect(one.totals).toEqual({ requests: 24, charged: 18 });
    expect(one.stores.map(({ id }) => id)).toEqual([second.storeId]);
    expect(one.keys.data.map(({ id }) => id)).toEqual([second.id]);
  });

  it('agrees with itself while requests come in', async () => {
    let reading = true;
    const clients = Array.from({ length: 8 }, async () => {
      while (reading) await calls.call(stranger, 'get', '/campaigns?limit=1');
    });
    try {
      for (let n = 0; n < 60; n++) {
        const { totals, stores, keys } = await usageOf(calls, stranger);
        for (const part of [stores, keys.data]) expect(sum(part)).toEqual(totals);
      }
    } finally {
      reading = false;
      await Promise.all(clients);
    }
  });

  it('begins and ends with the hours and days that are asked for', async () => {
    const key = await app.createKey({ storeId: admin.storeId });
    const uuid = fromPublicId('key', key.id);
    await calls.call(key, 'get', '/campaigns').expect(200);
    const set = (hour: string) => app.sql('UPDATE key_usage SET hour = $2 WHERE key_id = $1', [uuid, hour]);
    const day = new Date(Date.now() - 10 * 86_400_000).toISOString().slice(0, 10);
    const before = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
    const within = async (query: string) => (await keyUsageOf(calls, member, key.id, query)).totals.requests;

    await set(`${before}T23:00:00Z`);
    expect(await within(`?from=${before}&to=${before}`)).toBe(1);
    expect(await within(`?from=${day}`)).toBe(0);
    await set(`${day}T00:00:00Z`);
    expect(await within(`?from=${before}&to=${before}`)).toBe(0);
    expect(await within(`?from=${before}&to=${day}T00:00:00Z`)).toBe(0);
    expect(await within(`?from=${day}&to=${day}`)).toBe(1);

    await set(`${day}T09:00:00Z`);
    const hours = (from: string, to: string) =>
      within(`?granularity=hour&from=${day}T${from}:00Z&to=${day}T${to}:00Z`);
    expect(await hours('08:00', '09:00')).toBe(0);
    expect(await hours('08:00', '09:01')).toBe(1);
    expect(await hours('09:59', '10:00')).toBe(1);
    expect(await hours('10:00', '11:00')).toBe(0);
  });
});

describe('what a key used', () => {
  it('is what the log says, after its deletion too', async () => {
    for (const key of [reader, second, gone, tester]) {
      const used = await keyUsageOf(calls, member, key.id, '?granularity=hour');
      expect(usedOf(used.series, ({ from }) => from)).toEqual(await logged([key], bucket('hour')));
      expect(used.totals).toEqual(sum(used.series));
      expect(used.key).toEqual({
        id: key.id,
        name: 'Test key',
        storeId: key.storeId,
        status: key === gone ? 'deleted' : 'active',
      });
    }
  });
});

describe('two organizations', () => {
  it('never see each other', async () => {
    const theirs = await usageOf(calls, stranger);
    const ours = await logged([stranger], 'store_id');
    expect([...ours.values()]).toEqual([{ ...theirs.totals, requests: theirs.totals.requests + 1 }]);
    expect(theirs.keys.data.map(({ id }) => id)).toEqual([stranger.id]);
    expect(theirs.stores.map(({ id }) => id)).toEqual([stranger.storeId]);
    for (const key of [reader, gone, tester]) {
      await calls.call(stranger, 'get', `/keys/${key.id}/usage`).expect(404);
      await calls.call(stranger, 'get', `/usage?storeId=${key.storeId}`).expect(404);
    }
    await calls.call(member, 'get', `/keys/${stranger.id}/usage`).expect(404);
    await calls.call(member, 'get', `/usage?storeId=${stranger.storeId}`).expect(404);
  });
});
