import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { until } from '../faults/until.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { TestJobsHand, TestJobsModule } from './test-jobs.js';

const PATIENCE_MS = 20_000;

let app: TestApp;
let api: StoreCalls;
let hand: TestJobsHand;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true, modules: [TestJobsModule] });
  hand = app.get(TestJobsHand);
});
beforeEach(async () => {
  api = await StoreCalls.inNewStore(app);
  hand.open = Promise.withResolvers();
  hand.halves = 0;
});
afterAll(() => app.close());

const order = (input: object, from = api): Promise<Body> =>
  from.post('/jobs', { type: 'test.count', input }, 202);
const ended = ({ id }: Body): Promise<Body> => api.get(`/jobs/${id}?wait=30`);
const reaches = (what: string, job: Body, holds: (job: Body) => boolean) =>
  until(what, async () => holds(await api.get(`/jobs/${job.id}`)), PATIENCE_MS);

describe('a job', () => {
  it('is taken with 202, done apart, and answered with what came of it', async () => {
    const { body, headers } = await api
      .call('post', '/jobs')
      .send({ type: 'test.count', input: { upTo: 25 } });
    expect(headers.location).toBe(`/api/v1/jobs/${body.id}`);
    expect(body).toMatchObject({
      type: 'test.count',
      status: 'queued',
      input: { upTo: 25 },
      progress: { done: 0, total: null },
      createdBy: api.key.id,
      startedAt: null,
      finishedAt: null,
    });
    const done = await ended(body);
    expect(done).toMatchObject({
      status: 'succeeded',
      progress: { done: 25, total: 25 },
      result: { steps: 25 },
      error: null,
      failures: 0,
      errorCount: 2,
    });
    expect(await api.eventsOf(body)).toEqual(['job.finished']);
    expect(await api.get(`/jobs/${body.id}/errors`)).toMatchObject({
      data: [
        { row: 10, field: 'at', reason: 'is round' },
        { row: 20, field: 'at', reason: 'is round' },
      ],
      pagination: { totalCount: 2 },
    });
  });

  it('keeps what is large apart: no answer and no change row has it', async () => {
    const job = await order({ upTo: 1, content: 'a large text' });
    expect(job.input).toEqual({ upTo: 1 });
    expect((await ended(job)).result).toEqual({ steps: 1, letters: 12 });
    const rows = await app.sql<{ found: boolean }>(
      `SELECT count(*) > 0 AS found FROM change_log WHERE (coalesce(after, before))::text LIKE '%a large text%'`,
    );
    expect(rows).toEqual([{ found: false }]);
    // Nor is it kept, once it is not needed any more.
    expect(await app.sql('SELECT content FROM job_progress WHERE content IS NOT NULL')).toEqual([]);
  });

  it('is ordered once with one Idempotency-Key', async () => {
    const send = () =>
      api
        .call('post', '/jobs')
        .set('Idempotency-Key', 'job-once')
        .send({ type: 'test.count', input: { upTo: 1 } })
        .expect(202);
    expect((await send()).body.id).toBe((await send()).body.id);
    expect(await api.column('/jobs', 'type')).toEqual(['test.count']);
  });

  it('goes on where it was after a run that failed, with a pause', async () => {
    const job = await order({ upTo: 10, atHalf: 'break-once' });
    await reaches('its first run has failed', job, ({ failures }) => failures === 1);
    expect(await ended(job)).toMatchObject({ status: 'succeeded', result: { steps: 10 }, failures: 1 });
  });

  it('fails at once where trying again is of no use, and is done when asked again', async () => {
    const job = await order({ upTo: 4, atHalf: 'refuse' });
    const error = { code: 'COUNT_REFUSED', message: 'It does not want to.' };
    expect(await ended(job)).toMatchObject({ status: 'failed', error, failures: 1 });
    const again = await api.post(`/jobs/${job.id}/retry`, {}, 200);
    expect(again).toMatchObject({ status: 'queued', error: null, failures: 0, finishedAt: null });
    expect(await ended(job)).toMatchObject({ status: 'succeeded', result: { steps: 4 } });
    const { error: refused } = await api.post(`/jobs/${job.id}/retry`, {}, 409);
    expect(refused).toMatchObject({ code: 'CONFLICT', details: { status: 'succeeded' } });
  });

  it('tells nobody what went wrong inside', async () => {
    const job = await order({ upTo: 2, atHalf: 'break' });
    await reaches('a run has failed', job, ({ failures }) => failures > 0);
    const { error }: Body = await api.get(`/jobs/${job.id}`);
    expect(error).toEqual({ code: 'INTERNAL_ERROR', message: 'It failed by a fault of ours.' });
    await api.post(`/jobs/${job.id}/cancel`, {}, 200);
  });

  it('that is cancelled records nothing more, whatever its run still does', async () => {
    const job = await order({ upTo: 10, atHalf: 'wait' });
    await reaches('it is at half its way', job, ({ progress }) => progress.done === 5);
    expect(await api.post(`/jobs/${job.id}/cancel`, {}, 200)).toMatchObject({ status: 'cancelled' });
    expect(await api.post(`/jobs/${job.id}/cancel`, {}, 200)).toMatchObject({ status: 'cancelled' });
    hand.open.resolve();
    // The next job of the store begins when that run has ended.
    await ended(await order({ upTo: 1 }));
    expect(await api.get(`/jobs/${job.id}`)).toMatchObject({ status: 'cancelled', progress: { done: 5 } });
    expect(await api.eventsOf(job)).toEqual(['job.finished']);
  });

  it('is done by whoever ordered it, on the record', async () => {
    const job = await order({ upTo: 1 });
    await ended(job);
    expect(await api.changesOf('job', job)).toMatchObject([
      { action: 'insert', actor_type: 'key', actor_id: fromPublicId('key', api.key.id) },
      { action: 'update', actor_type: 'system', actor_id: 'jobs' },
      { action: 'update', actor_type: 'system', actor_id: 'jobs' },
    ]);
  });
});

describe('waiting for a job', () => {
  it('ends when the time is over', async () => {
    const job = await order({ upTo: 2, atHalf: 'wait' });
    const begun = performance.now();
    expect((await api.get(`/jobs/${job.id}?wait=1`)).status).not.toBe('succeeded');
    expect(performance.now() - begun).toBeGreaterThan(900);
    hand.open.resolve();
    expect((await ended(job)).status).toBe('succeeded');
  });

  it.each(['31', '-1', 'x', ''])('refuses wait=%s', async (wait) => {
    const job = await order({ upTo: 1 });
    expect((await api.get(`/jobs/${job.id}?wait=${wait}`, 400)).error.details.field).toBe('wait');
  });

  it('is not held up by the polling interval', async () => {
    const polled = await StoreCalls.inNewStore(app, { plan: 'pro' });
    const job = await order({ upTo: 1 }, polled);
    for (let look = 0; look < 3; look += 1) await polled.get(`/jobs/${job.id}`);
  });
});

describe('an order', () => {
  it.each([
    ['an unknown type', { type: 'test.sing', input: {} }, 'type'],
    ['a type that is none', { type: 'TEST', input: {} }, 'type'],
    ['no input', { type: 'test.count' }, 'input'],
    ['an input that is none', { type: 'test.count', input: [] }, 'input'],
    ['a bad field', { type: 'test.count', input: { upTo: 0 } }, 'input.upTo'],
    ['an unknown field', { type: 'test.count', input: { upTo: 1, more: 1 } }, 'input.more'],
  ])('of %s is refused', async (_, body, field) => {
    const { error } = await api.post('/jobs', body, 400);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { field } });
  });

  it('needs the level that its type says, beside that on jobs', async () => {
    const permissions = { 'content.jobs': 'write' } as const;
    const narrow = await StoreCalls.inNewStore(app, { permissions });
    const { error } = await narrow.post('/jobs', { type: 'test.count', input: { upTo: 1 } }, 403);
    expect(error).toMatchObject({
      code: 'PERMISSION_DENIED',
      details: { resource: 'content.campaigns', required: 'write', granted: 'none', limitedBy: 'key' },
    });
    expect(await narrow.column('/jobs', 'type')).toEqual([]);
    const reader = await api.as('read-only');
    const job = await order({ upTo: 1 });
    await reader.post('/jobs', { type: 'test.count', input: { upTo: 1 } }, 403);
    await reader.post(`/jobs/${job.id}/cancel`, {}, 403);
    expect((await reader.get(`/jobs/${job.id}`)).id).toBe(job.id);
  });

  it('is not there for another store', async () => {
    const job = await order({ upTo: 1 });
    const stranger = await StoreCalls.inNewStore(app);
    await stranger.get(`/jobs/${job.id}`, 404);
    await stranger.get(`/jobs/${job.id}/errors`, 404);
    await stranger.post(`/jobs/${job.id}/cancel`, {}, 404);
    await stranger.post(`/jobs/${job.id}/retry`, {}, 404);
  });

  it('past fifty unfinished ones is refused', async () => {
    const first = await order({ upTo: 2, atHalf: 'wait' });
    for (let index = 1; index < 50; index += 1) await order({ upTo: 1 });
    const { error } = await api.post('/jobs', { type: 'test.count', input: { upTo: 1 } }, 409);
    expect(error).toMatchObject({ code: 'CONFLICT', details: { unfinished: 50 } });
    expect((await api.get('/jobs?status=queued')).pagination.totalCount).toBeGreaterThanOrEqual(49);
    hand.open.resolve();
    expect((await ended(first)).status).toBe('succeeded');
  });
});

it('lists the types that can be ordered', async () => {
  const { data } = await api.get('/jobs/types');
  expect(data).toContainEqual({
    type: 'test.count',
    description: 'Counts.',
    resource: 'content.campaigns',
    level: 'write',
  });
});
