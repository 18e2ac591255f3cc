import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EventPartitions } from '../../src/analytics/events/event-partitions.js';
import { RollupKeeper } from '../../src/analytics/index.js';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { StoreCalls } from '../content/store-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true });
});
afterAll(() => app.close());

const DAY_MS = 86_400_000;
const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
const visit = (ago: number) => ({ kind: 'visit', time: `${day(ago)}T12:00:00Z` });

it('sums that somebody has changed by hand are made anew, those days alone', async () => {
  const store = await StoreCalls.inNewStore(app);
  // All of last month is told, which is read from its own sum.
  const today = new Date();
  const last = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 0)).toISOString().slice(0, 10);
  const [third, fourth] = [`${last.slice(0, 7)}-03`, `${last.slice(0, 7)}-04`];
  const events = [third, fourth, fourth].map((of) => ({ kind: 'visit', time: `${of}T12:00:00Z` }));
  await store.post('/analytics/events/batch', { events }, 200);
  await app.app.get(RollupKeeper).once();
  const figure = async () =>
    (await store.get(`/analytics?from=${last.slice(0, 7)}-01&to=${last}&granularity=month`))['totals'];
  await app.sql('UPDATE analytics_rollups SET visit = visit * 10 WHERE store_id = $1', [
    fromPublicId('store', store.key.storeId),
  ]);
  expect(await figure()).toMatchObject({ visits: 30 });
  const { id } = await store.post(
    '/jobs',
    { type: 'analytics.rebuild', input: { from: fourth, to: `${last.slice(0, 7)}-05` } },
    202,
  );
  expect(await store.get(`/jobs/${id}?wait=30`)).toMatchObject({
    ...{ status: 'succeeded', progress: { done: 2, total: 2 }, result: { days: 2, events: 2 } },
  });
  expect(await figure()).toMatchObject({ visits: 12 });
  const backwards = { type: 'analytics.rebuild', input: { from: fourth, to: third } };
  expect((await store.post('/jobs', backwards, 400)).error.details).toMatchObject({ field: 'input.to' });
});

it('figures are exact while events come in, are added to sums, and sums are made anew', async () => {
  const store = await StoreCalls.inNewStore(app);
  const batch = { events: Array.from({ length: 50 }, () => visit(4)) };
  const rebuilt = store.post(
    '/jobs',
    { type: 'analytics.rebuild', input: { from: day(4), to: day(4) } },
    202,
  );
  const work = Array.from({ length: 20 }, async (_, index) => {
    await store.post('/analytics/events/batch', batch, 200);
    if (index % 3 === 0) await app.app.get(RollupKeeper).once();
  });
  const { id } = await rebuilt;
  await Promise.all(work);
  await store.get(`/jobs/${id}?wait=30`);
  expect((await store.get(`/analytics?from=${day(6)}&to=${day(1)}`))['totals']).toMatchObject({
    visits: 1_000,
  });
  await app.app.get(RollupKeeper).once();
  expect((await store.get(`/analytics?from=${day(6)}&to=${day(1)}`))['totals']).toMatchObject({
    visits: 1_000,
  });
});

it('months to come have a partition', async () => {
  expect(await app.app.get(EventPartitions).ensure()).toBe(0);
});
