import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ArtefactStorage } from '../../src/analytics/index.js';
import { fromPublicId, newUuid } from '../../src/platform/ids/index.js';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { until } from '../faults/until.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { finished } from './report-calls.js';

const PATIENCE_MS = 20_000;

let app: TestApp;
/** A second process over the same database, so that two clocks see the same rows. */
let other: TestApp;
let api: StoreCalls;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true });
  other = await startTestApp({ runsJobs: true, database: app.database });
});
beforeEach(async () => {
  api = await StoreCalls.inNewStore(app);
});
afterAll(async () => {
  await other.close();
  await app.close();
});

const HOURLY = { name: 'Hourly', period: 'previous-day', schedule: '0 * * * *', formats: ['csv'] };
const create = (fields: object = {}): Promise<Body> =>
  api.post('/analytics/reports', { ...HOURLY, ...fields });
const uuid = (id: string) => fromPublicId('report', id);
const hoursAgo = (hours: number) => new Date(Math.floor(Date.now() / 3_600_000 - hours) * 3_600_000);

/** As if nobody had been there since then. */
const missSince = (id: string, at: Date) =>
  app.database.sql('UPDATE analytics_reports SET next_run_at = $2 WHERE id = $1', [uuid(id), at]);
/** Has both clocks look at once. */
const ring = () =>
  Promise.all(
    [app, other].flatMap((process) =>
      [1, 2].map((n) =>
        process.sql(`SELECT enqueue_job('reports.keep-time', '{}', $1, NULL, NULL)`, [newUuid() + n]),
      ),
    ),
  );
const runsOf = async (id: string) => (await api.get(`/analytics/reports/${id}/runs`)).data;

describe('a report that has come due', () => {
  it('is made once for the latest time, however many were missed and however many clocks look', async () => {
    const { id } = await create();
    await missSince(id, hoursAgo(5));
    await ring();
    await until('it has run', async () => (await runsOf(id)).length > 0, PATIENCE_MS);
    await ring();
    const [run] = await runsOf(id);
    expect(run).toMatchObject({ trigger: 'schedule', dueAt: hoursAgo(0).toISOString() });
    await finished(api, `/analytics/reports/${id}/runs/${run?.id ?? ''}`);
    await until(
      'the clocks have nothing to do',
      async () => {
        const jobs = await app.database.sql<{ waiting: string }>(
          `SELECT count(*) AS waiting FROM graphile_worker.jobs WHERE task_identifier = 'reports.keep-time' AND run_at <= now()`,
        );
        return Number(jobs[0]?.waiting) === 0;
      },
      PATIENCE_MS,
    );
    expect(await runsOf(id)).toHaveLength(1);
    const { nextRunAt } = await api.get(`/analytics/reports/${id}`);
    expect(nextRunAt).toBe(hoursAgo(-1).toISOString());
    expect(await api.changesOf('report', { id })).toMatchObject([
      { action: 'insert', actor_type: 'key' },
      {},
      { action: 'update', actor_type: 'system', actor_id: 'reports.keep-time' },
    ]);
  });

  it('is about the days before the time that it was due, not before now', async () => {
    const now = new Date();
    const year = now.getUTCFullYear() - (now < new Date(Date.UTC(now.getUTCFullYear(), 2, 3)) ? 1 : 0);
    const due = new Date(Date.UTC(year, 2, 2, 6));
    const { id } = await create({
      schedule: '0 7 2 3 *',
      timezone: 'Europe/Berlin',
      period: 'previous-month',
    });
    await missSince(id, due);
    await ring();
    await until('it has run', async () => (await runsOf(id)).length > 0, PATIENCE_MS);
    const [run] = await runsOf(id);
    const hourBefore = (month: number) => new Date(Date.UTC(year, month, 1) - 3_600_000).toISOString();
    expect(run).toMatchObject({
      dueAt: due.toISOString(),
      period: { from: hourBefore(1), to: hourBefore(2) },
    });
  });

  it('is not made while it is paused, or its organization is suspended', async () => {
    const { id } = await create();
    const { id: paused } = await create({ status: 'PAUSED' });
    const { id: active } = await create();
    const organization = fromPublicId('organization', api.key.organizationId);
    const set = (status: string) =>
      app.database.sql(`UPDATE organizations SET status = $2 WHERE id = $1`, [organization, status]);
    await missSince(id, hoursAgo(2));
    await set('suspended');
    const elsewhere = await StoreCalls.inNewStore(app);
    const { id: witness } = await elsewhere.post('/analytics/reports', HOURLY);
    await missSince(witness, hoursAgo(1));
    await ring();
    await until(
      'the clock has looked',
      async () => (await elsewhere.get(`/analytics/reports/${witness}/runs`)).data.length > 0,
      PATIENCE_MS,
    );
    await set('active');
    expect(await app.sql('SELECT id FROM analytics_runs WHERE report_id = $1', [uuid(id)])).toEqual([]);
    await ring();
    await until('it is made up for', async () => (await runsOf(id)).length > 0, PATIENCE_MS);
    expect(await runsOf(paused)).toEqual([]);
    expect(await runsOf(active)).toEqual([]);
  });
});

describe('what was made', () => {
  it('is there for 90 days, and no longer; its run stays', async () => {
    const { id } = await create();
    const ordered = await api.post(`/analytics/reports/${id}/run`, {}, 202);
    const path = `/analytics/reports/${id}/runs/${ordered.id}`;
    const run = await finished(api, path);
    const days = (Date.parse(String(run['artefactsUntil'])) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(90);
    await app.database.sql('UPDATE analytics_runs SET artefacts_until = now() WHERE id = $1', [
      fromPublicId('analyticsRun', ordered.id),
    ]);
    await api.get(`${path}/artefacts/csv`, 404);
    expect(await api.get(path)).toMatchObject({ status: 'succeeded', artefacts: [{ format: 'csv' }] });
  });

  it('is removed from the storage once no run has it, and it is not just being made', async () => {
    const storage = app.get(ArtefactStorage);
    const { id } = await create();
    const ordered = await api.post(`/analytics/reports/${id}/run`, {}, 202);
    await finished(api, `/analytics/reports/${id}/runs/${ordered.id}`);
    const young = await storage.keep('csv', 'young');
    const before = await storage.sweep();
    expect(before).toBe(0);
    // As if they had been made two days ago.
    const old = `${(Date.now() - 2 * 86_400_000).toString(16).padStart(12, '0')}`;
    const stray = `${old.slice(0, 8)}-${old.slice(8)}-7000-8000-000000000001`;
    await storage.put('csv', Buffer.from('old'), 3, '', stray);
    expect(await storage.sweep()).toBe(1);
    await storage.read(young);
    await expect(storage.read({ objectId: stray, format: 'csv' })).rejects.toThrow('no stored object');
  });

  it('goes with its report, and with the sandbox that is reset', async () => {
    const sandbox = await StoreCalls.inNewStore(app, { sandbox: true, role: 'admin' });
    const { id } = await sandbox.post('/analytics/reports', HOURLY);
    await sandbox.post(`/analytics/reports/${id}/run`, {}, 202);
    const reset = await sandbox.post(`/stores/${sandbox.key.storeId}/reset`, {}, 200);
    expect(JSON.stringify(reset)).toContain('"reports":1');
    expect(await app.sql('SELECT id FROM analytics_runs WHERE report_id = $1', [uuid(id)])).toEqual([]);
  });
});
