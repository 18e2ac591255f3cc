import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Hold, OperatorExport, Purger } from '../../src/audit/index.js';
import { fromPublicId, toPublicId } from '../../src/platform/ids/index.js';
import { call, json } from '../support/http-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { faultsOf } from './log-proof.js';
import { anchor, appendRequests, dayAgo, momentOf, oldRow, sealChanges } from './old-days.js';
import { StandInHolds, StandInHoldsModule } from './stand-in-holds.js';

const DAY = dayAgo(450);
const AT = momentOf(DAY);

let app: TestApp;
let holds: StandInHolds;
beforeAll(async () => {
  app = await startTestApp({ modules: [StandInHoldsModule] });
  holds = app.get(StandInHolds);
});
afterAll(() => app.close());
beforeEach(() => holds.inForce.clear());

const purge = () => app.get(Purger).purge();
/** What is kept of the day, by request. */
const held = () =>
  app
    .sql<{ id: string }>('SELECT request_id AS id FROM held_requests ORDER BY at')
    .then((rows) => rows.map(({ id }) => id));

describe('rows that are held', () => {
  it('stay whole, with what proves them, until their hold is gone; then they go with a record', async () => {
    const rows = [1, 2, 3].map((n) => oldRow(AT + n, { key_id: randomUUID() }));
    const second = rows[1];
    await appendRequests(app, rows);
    await anchor(app);
    const hold: Hold = { keyId: second?.key_id ?? '' };
    holds.inForce.add(hold);
    const select = (table: string) =>
      app.sql(`SELECT * FROM ${table} WHERE request_id = $1`, [second?.request_id]);
    const before = await select('request_log');

    expect(await purge()).toMatchObject([{ day: DAY, result: 'purged', rows: 2, held: 1 }]);
    expect(await select('held_requests')).toEqual(before);
    expect(before).toMatchObject([{ ip: '192.0.2.7', query: second?.query, salt: expect.any(Buffer) }]);
    expect(await app.sql('SELECT FROM audit_kept_leaves')).toHaveLength(2);
    expect(await faultsOf(app)).toEqual([]);

    expect(await purge()).toMatchObject([{ day: DAY, result: 'held', rows: 0, held: 1, purgeNo: null }]);
    holds.inForce.clear();
    expect(await purge()).toMatchObject([{ day: DAY, result: 'purged', rows: 1, held: 0, purgeNo: 2 }]);
    expect([await held(), await app.sql('SELECT FROM audit_kept_leaves')]).toEqual([[], []]);
    expect(await faultsOf(app)).toEqual([]);
  });

  it('are those of a key, a member, a store, an organization or a range; and of all that a hold names at once', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const of = (n: number, fields: object) => oldRow(AT + n, fields);
    const rows = {
      key: of(1, { key_id: one }),
      member: of(2, { member_id: one }),
      store: of(3, { store_id: one }),
      organization: of(4, { organization_id: one }),
      early: of(-3_600_000, {}),
      both: of(5, { organization_id: other, key_id: other }),
      half: of(6, { organization_id: other }),
    };
    await appendRequests(app, Object.values(rows));
    await anchor(app);
    for (const hold of [
      { keyId: one },
      { memberId: one },
      { storeId: one },
      { organizationId: one },
      { from: new Date(AT - 3_600_000), to: new Date(AT - 3_599_999) },
      { organizationId: other, keyId: other },
    ]) {
      holds.inForce.add(hold);
    }
    expect(await purge()).toMatchObject([{ rows: 1, held: 6 }]);
    const { half, early, ...rest } = rows;
    expect(await held()).toEqual([early, ...Object.values(rest)].map(({ request_id }) => request_id));
    expect(await held()).not.toContain(half.request_id);
    expect(await faultsOf(app)).toEqual([]);
    holds.inForce.clear();
    expect(await purge()).toMatchObject([{ rows: 6 }]);
  });

  it('are changes too, which stay where they are', async () => {
    await app.createKey();
    await app.sql(
      `UPDATE change_log SET at = $1::date + interval '5 hours' WHERE entity IN ('key', 'store')`,
      [DAY],
    );
    await sealChanges(app);
    await anchor(app);
    const [change] = await app.sql<{ entity_id: string; rows: number }>(
      `SELECT min(entity_id) AS entity_id, count(*)::integer AS rows FROM change_log WHERE entity = 'key'`,
    );
    holds.inForce.add({ keyId: change?.entity_id });
    expect(await purge()).toMatchObject([{ log: 'changes', day: DAY, result: 'purged', held: change?.rows }]);
    expect(
      await app.sql(`SELECT DISTINCT entity FROM change_log WHERE at < now() - interval '400 days'`),
    ).toEqual([{ entity: 'key' }]);
    expect(await faultsOf(app)).toEqual([]);
    expect(await purge()).toMatchObject([{ result: 'held' }]);
    holds.inForce.clear();
    expect(await purge()).toMatchObject([{ result: 'purged', rows: change?.rows }]);
    expect(await faultsOf(app)).toEqual([]);
  });

  it('are found, shown, counted and exported as before', async () => {
    const key = await app.createKey({ role: 'compliance' });
    const organization_id = fromPublicId('organization', key.organizationId) ?? null;
    const rows = [1, 2].map((n) => oldRow(AT + n, { organization_id, key_id: randomUUID() }));
    await appendRequests(app, rows);
    await anchor(app);
    const read = async (path: string) => {
      const answer = await call(app.url, `/api/v1/audit/requests${path}`, { token: key.token });
      expect([path, answer.status]).toEqual([path, 200]);
      return json<{ data: { requestId: string }[]; buckets: { requests: number }[] }>(answer);
    };
    const id = toPublicId('request', rows[0]?.request_id ?? '');
    const first = `?sortOrder=asc&limit=1&from=${DAY}`;
    const before = [await read(first), await read(`/${id}`), await read(`/histogram?from=${DAY}&to=${DAY}`)];
    holds.inForce.add({ keyId: rows[0]?.key_id ?? '' });
    expect(await purge()).toMatchObject([{ rows: 1, held: 1 }]);

    const [found, shown, counted] = [
      await read(first),
      await read(`/${id}`),
      await read(`/histogram?from=${DAY}&to=${DAY}`),
    ];
    expect(found.data).toEqual([expect.objectContaining({ requestId: id })]);
    expect([found.data, shown]).toEqual([before[0]?.data, before[1]]);
    const sum = ({ buckets }: typeof counted) => buckets.reduce((all, { requests }) => all + requests, 0);
    expect([sum(before[2] ?? counted), sum(counted)]).toEqual([2, 1]);
    const timeline = await call(
      app.url,
      `/api/v1/keys/${toPublicId('key', rows[0]?.key_id ?? '')}/timeline`,
      {
        token: key.token,
      },
    );
    expect(json<{ data: { request: { requestId: string } }[] }>(timeline).data).toMatchObject([
      { request: { requestId: id } },
    ]);
    const exported: string[] = [];
    const order = {
      log: 'requests',
      format: 'ndjson',
      filters: {},
      organizationId: organization_id,
    } as const;
    for await (const { bytes } of (await app.get(OperatorExport).begin(order)).parts()) {
      exported.push(bytes.toString());
    }
    expect(exported.join('')).toContain(id);
    holds.inForce.clear();
    expect(await purge()).toMatchObject([{ rows: 1, held: 0 }]);
  });
});
