import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { RollupKeeper } from '../../src/analytics/index.js';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { finished, type Run } from './report-calls.js';

let app: TestApp;
let api: StoreCalls;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true });
});
beforeEach(async () => {
  api = await StoreCalls.inNewStore(app);
});
afterAll(() => app.close());

const EVENTS = { name: 'Events', table: 'events', format: 'ndjson' };
const PATH = '/analytics/export-configurations';
const create = (fields: object = {}): Promise<Body> => api.post(PATH, { ...EVENTS, ...fields });
const send = (...events: object[]): Promise<Body> => api.post('/analytics/events/batch', { events }, 200);
const yesterday = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

interface Exported {
  readonly run: Run;
  readonly text: string;
}

async function exported({ id }: Body, format = 'ndjson'): Promise<Exported> {
  const { id: runId } = await api.post(`${PATH}/${id}/run`, {}, 202);
  const path = `${PATH}/${id}/runs/${runId}`;
  const run = await finished(api, path);
  expect(run).toMatchObject({ status: 'succeeded', error: null });
  const { text } = await api.call('get', `${path}/artefacts/${format}`).expect(200);
  return { run, text };
}

const rowsOf = ({ text }: Exported): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const idsOf = (made: Exported): unknown[] => rowsOf(made).map(({ id }) => id);

describe('an export configuration', () => {
  it('is written, changed, replaced, found and deleted', async () => {
    const configuration = await create({ schedule: '5 * * * *', columns: ['kind', 'id'] });
    expect(configuration).toMatchObject({
      ...EVENTS,
      ...{ columns: ['kind', 'id'], status: 'ACTIVE', timezone: 'UTC', exportedUntil: null },
      destination: { type: 'local', bucket: null },
      nextRunAt: expect.stringMatching(/:05:00\.000Z$/),
    });
    const path = `${PATH}/${configuration.id}`;
    expect(await api.get(path)).toEqual(configuration);
    expect(await api.patch(path, { columns: null })).toMatchObject({
      columns: expect.arrayContaining(['receivedAt', 'product']),
    });
    expect(await api.put(path, { name: 'Sums', table: 'metrics-daily' })).toMatchObject({
      ...{ name: 'Sums', dimension: 'all', period: 'previous-day', format: 'csv', nextRunAt: null },
      columns: ['day', 'dimension', 'value', 'kind', 'currency', 'events', 'valueMinor'],
    });
    expect(await api.column(`${PATH}?table=metrics-daily&q=sums`)).toEqual(['Sums']);
    await api.delete(path);
    await api.get(path, 404);
  });

  it.each([
    [{ name: ' ' }, 'name', 'must not be blank'],
    [{ table: 'keys' }, 'table', 'must be one of events, metrics-daily'],
    [{ columns: ['id', 'day'] }, 'columns[1]', 'is no column of events'],
    [{ columns: [] }, 'columns', 'must have at least 1 item'],
    [{ schedule: '*/5 * * * *' }, 'schedule', expect.stringContaining('more often than hourly')],
    [{ destination: { type: 'local', bucket: 'abc' } }, 'destination.bucket', 'must not be there for local'],
    [{ destination: { type: 's3' } }, 'destination.endpoint', 'is required for s3'],
  ])('with %j is refused', async (fields, field, reason) => {
    const { error } = await api.post(PATH, { ...EVENTS, ...fields }, 400);
    expect(error.details).toMatchObject({ field, reason });
  });

  it('is only for those who may, and not there for another store', async () => {
    const { id } = await create();
    const { run } = await exported({ id } as Body);
    const reader = await api.as('read-only');
    await reader.get(`${PATH}/${id}/runs/${run.id}`);
    await reader.post(`${PATH}/${id}/run`, {}, 403);
    const stranger = await StoreCalls.inNewStore(app);
    for (const path of [`${PATH}/${id}`, `${PATH}/${id}/runs`, `${PATH}/${id}/runs/${run.id}`]) {
      await stranger.get(path, 404);
    }
    await stranger.get(`${PATH}/${id}/runs/${run.id}/artefacts/ndjson`, 404);
    await api.get(`/analytics/reports/${id.replace('xpc_', 'rpt_')}/runs/${run.id}`, 404);
  });
});

describe('an export of events', () => {
  it('has what was sent, column by column, and tells how many', async () => {
    const campaign = await api.post('/campaigns', { name: 'Spring', platform: 'email' });
    const time = `${yesterday()}T10:00:00.000Z`;
    await send({
      id: 'a',
      kind: 'conversion',
      time,
      valueMinor: 5,
      currency: 'EUR',
      campaignId: campaign.id,
    });
    const made = await exported(await create());
    expect(rowsOf(made)).toEqual([
      {
        ...{ id: 'a', time, receivedAt: expect.any(String), kind: 'conversion', name: null, visitor: null },
        ...{ session: null, campaignId: campaign.id, audienceId: null, postId: null, channel: null },
        ...{ source: null, page: null, product: null, valueMinor: 5, currency: 'EUR' },
      },
    ]);
    expect(made.run.artefacts).toMatchObject([{ format: 'ndjson', rows: 1, location: null }]);
    const csv = await create({ format: 'csv', columns: ['currency', 'id', 'valueMinor', 'page'] });
    expect((await exported(csv, 'csv')).text).toBe('currency,id,valueMinor,page\r\nEUR,a,5,\r\n');
  });

  it('holds no formula that a spreadsheet would calculate', async () => {
    await send({ kind: 'visit', page: '=1+1' });
    const csv = await create({ format: 'csv', columns: ['page'] });
    expect((await exported(csv, 'csv')).text).toBe("page\r\n'=1+1\r\n");
  });

  it('has each event once, however it is changed in between', async () => {
    const configuration = await create();
    await send({ id: 'a', kind: 'visit' }, { id: 'b', kind: 'visit', time: `${yesterday()}T10:00:00Z` });
    const first = await exported(configuration);
    expect(idsOf(first).sort()).toEqual(['a', 'b']);
    expect(first.run.period).toMatchObject({ from: null });
    await send({ id: 'a', kind: 'visit' }, { id: 'c', kind: 'visit', time: `${yesterday()}T09:00:00Z` });
    await api.patch(`${PATH}/${configuration.id}`, { name: 'Anew' });
    const second = await exported(configuration);
    expect(idsOf(second)).toEqual(['c']);
    expect(second.run.period?.from).toBe(first.run.period?.to);
    expect(idsOf(await exported(configuration))).toEqual([]);
    const { exportedUntil } = await api.get(`${PATH}/${configuration.id}`);
    expect(exportedUntil).not.toBeNull();
    expect(await api.eventsOf(configuration)).toEqual([1, 2, 3].map(() => 'analytics_export.finished'));
  });

  it('has what a transaction that began before the last one commits after it', async () => {
    const configuration = await create();
    const late = new pg.Client(app.database.ownerUrl);
    await late.connect();
    await late.query('BEGIN');
    await late.query(
      `INSERT INTO analytics_events (store_id, id, occurred_at, kind) VALUES ($1, 'late', now(), 'visit')`,
      [fromPublicId('store', api.key.storeId)],
    );
    await send({ id: 'early', kind: 'visit' });
    expect(idsOf(await exported(configuration))).toEqual(['early']);
    await late.query('COMMIT');
    await late.end();
    const made = await exported(configuration);
    expect(idsOf(made)).toEqual(['late']);
    // It bears a time from before the export that did not have it.
    expect(String(rowsOf(made)[0]?.['receivedAt']) < String(made.run.period?.from)).toBe(true);
    expect(idsOf(await exported(configuration))).toEqual([]);
  });

  it('loses none and doubles none while they are sent from all sides', async () => {
    const configuration = await create({ columns: ['id'] });
    let sending = true;
    const writers = [0, 1, 2, 3].map(async (writer) => {
      for (let batch = 0; batch < 12; batch++) {
        await send(
          ...[0, 1, 2].map((n) => ({ id: `${writer}-${batch}-${n}`, kind: 'visit' })),
          // Sent by all of them: whose is kept waits for the others.
          { id: `shared-${batch}`, kind: 'visit' },
        );
      }
    });
    const seen: unknown[] = [];
    const reader = (async () => {
      while (sending) seen.push(...idsOf(await exported(configuration)));
    })();
    await Promise.all(writers);
    sending = false;
    await reader;
    seen.push(...idsOf(await exported(configuration)));
    const expected = await app.sql<{ id: string }>('SELECT id FROM analytics_events WHERE store_id = $1', [
      fromPublicId('store', api.key.storeId),
    ]);
    expect(expected).toHaveLength(4 * 12 * 3 + 12);
    expect(seen.map(String).sort()).toEqual(expected.map(({ id }) => id).sort());
  });

  it('is made by one run after the other, where several were ordered at once', async () => {
    const configuration = await create();
    const ids = Array.from({ length: 50 }, (_, n) => ({ id: `e-${n}`, kind: 'visit' }));
    await send(...ids);
    const made = await Promise.all([1, 2, 3].map(() => exported(configuration)));
    expect(made.flatMap(idsOf)).toHaveLength(50);
    expect(new Set(made.flatMap(idsOf)).size).toBe(50);
  });

  it('goes on after a restore from a dump into another cluster, whose transactions have other ids', async () => {
    const configuration = await create();
    const uuid = fromPublicId('exportConfiguration', configuration.id);
    await send({ id: 'before', kind: 'visit' });
    await exported(configuration);
    await send({ id: 'not-exported-yet', kind: 'visit' });
    // As if the ids of before were those of a cluster that had seen many more.
    const far = 1_000_000_000;
    await app.database.sql(
      `UPDATE analytics_events SET transaction_id = (transaction_id::text::bigint + $1)::text::xid8`,
      [far],
    );
    await app.database.sql(
      `UPDATE analytics_exports SET watermark = jsonb_set(watermark, '{snapshot}', to_jsonb(
         concat_ws(':', pg_snapshot_xmin(s)::text::bigint + $2, pg_snapshot_xmax(s)::text::bigint + $2, '')))
       FROM (SELECT (watermark ->> 'snapshot')::pg_snapshot AS s FROM analytics_exports WHERE id = $1) AS old WHERE id = $1`,
      [uuid, far],
    );
    await app.database.sql(`UPDATE analytics_intake SET system = 'another'`);
    // A process that starts sees it, before it takes anything in.
    const restarted = await startTestApp({ database: app.database });
    await restarted.close();
    await send({ id: 'after', kind: 'visit' });
    expect(idsOf(await exported(configuration)).sort()).toEqual(['after', 'not-exported-yet']);
    await send({ id: 'later', kind: 'visit' });
    expect(idsOf(await exported(configuration))).toEqual(['later']);
    expect(idsOf(await exported(await create())).sort()).toEqual([
      'after',
      'before',
      'later',
      'not-exported-yet',
    ]);
  });
});

describe('an export of daily metrics', () => {
  it('has the sums of whole days by the values of a dimension, rolled up or not', async () => {
    const time = `${yesterday()}T10:00:00Z`;
    const sale = { kind: 'conversion', valueMinor: 100, currency: 'EUR', channel: 'email', time };
    await send(
      sale,
      { kind: 'visit', channel: 'ads', time },
      { kind: 'visit', channel: 'ads' },
      { kind: 'visit', time },
    );
    await app.app.get(RollupKeeper).once();
    await send(sale);
    const made = await exported(await create({ table: 'metrics-daily', dimension: 'channel' }));
    const day = yesterday();
    expect(rowsOf(made)).toEqual([
      { day, dimension: 'channel', value: 'ads', kind: 'visit', currency: null, events: 1, valueMinor: 0 },
      {
        day,
        dimension: 'channel',
        value: 'email',
        kind: 'conversion',
        currency: 'EUR',
        events: 2,
        valueMinor: 200,
      },
    ]);
    expect(made.run.period).toEqual({
      from: `${day}T00:00:00.000Z`,
      to: `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`,
    });
  });
});
