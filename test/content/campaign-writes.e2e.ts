import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/platform/database/index.js';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { CampaignCalls, MINIMAL, WHOLE } from './campaign-calls.js';

let app: TestApp;
let api: CampaignCalls;

beforeAll(async () => {
  app = await startTestApp();
  api = await CampaignCalls.withNewStore(app);
});

afterAll(() => app.close());

async function waitingForLocks(): Promise<number> {
  const [row] = await app.sql<{ waiting: number }>(
    `SELECT count(*)::integer AS waiting FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return row?.waiting ?? 0;
}

describe('replacing and changing', () => {
  it('PUT puts a whole campaign in its place: what is left out becomes empty', async () => {
    const campaign = await api.create(WHOLE);
    const whole = { ...MINIMAL, status: 'DRAFT' };
    const { body, headers } = await api.call('put', `/campaigns/${campaign.id}`).send(whole).expect(200);
    expect(body).toMatchObject({ ...whole, description: '', budgetCents: null, startDate: null, tags: [] });
    expect(body).toMatchObject({ id: campaign.id, createdAt: campaign.createdAt });
    expect((await api.call('get', `/campaigns/${campaign.id}`)).headers.etag).toBe(headers.etag);
  });

  it('PATCH changes the given fields; null clears', async () => {
    const campaign = await api.create(WHOLE);
    const { body } = await api
      .call('patch', `/campaigns/${campaign.id}`)
      .send({ name: 'New', endDate: null })
      .expect(200);
    expect(body).toEqual({ ...campaign, name: 'New', endDate: null, updatedAt: body.updatedAt });
    const refused = await api.call('patch', `/campaigns/${campaign.id}`).send({ name: null }).expect(400);
    expect(refused.body.error.details).toMatchObject({ field: 'name', reason: 'must not be null' });
  });

  it('writes one change row and one event per change, with before and after', async () => {
    const campaign = await api.create();
    await api.call('patch', `/campaigns/${campaign.id}`).send({ name: 'Second' }).expect(200);
    await api
      .call('put', `/campaigns/${campaign.id}`)
      .send({ ...MINIMAL, name: 'Third' })
      .expect(200);
    await api.call('delete', `/campaigns/${campaign.id}`).expect(204);
    expect(await api.changesOf(campaign)).toMatchObject([
      { action: 'insert', before: null },
      { action: 'update', before: { name: campaign.name }, after: { name: 'Second' } },
      { action: 'update', before: { name: 'Second' }, after: { name: 'Third' } },
      { action: 'delete', before: { name: 'Third' }, after: null },
    ]);
    const types = (await api.eventsOf(campaign)).map(({ type }) => type);
    expect(types).toEqual(['campaign.created', 'campaign.updated', 'campaign.updated', 'campaign.deleted']);
  });

  it('makes no new version of what is the same as before', async () => {
    const campaign = await api.create(WHOLE);
    for (const body of [{}, { name: WHOLE.name, tags: WHOLE.tags }]) {
      expect((await api.call('patch', `/campaigns/${campaign.id}`).send(body).expect(200)).body).toEqual(
        campaign,
      );
    }
    expect((await api.call('put', `/campaigns/${campaign.id}`).send(WHOLE).expect(200)).body).toEqual(
      campaign,
    );
    expect(await api.eventsOf(campaign)).toHaveLength(1);
  });

  it('refuses an end before the start, also when only one of them is sent', async () => {
    const fault = { field: 'endDate', reason: 'must not be before startDate' };
    const early = '2026-05-01T00:00:00Z';
    const created = await api
      .call('post', '/campaigns')
      .send({ ...WHOLE, endDate: early })
      .expect(400);
    expect(created.body.error.details).toMatchObject(fault);
    const campaign = await api.create(WHOLE);
    const patched = await api.call('patch', `/campaigns/${campaign.id}`).send({ endDate: early }).expect(400);
    expect(patched.body.error.details).toMatchObject(fault);
    expect((await api.call('get', `/campaigns/${campaign.id}`)).body).toEqual(campaign);
  });

  it('deletes: 204 without a body, then 404', async () => {
    const campaign = await api.create();
    const gone = await api.call('delete', `/campaigns/${campaign.id}`).expect(204);
    expect(gone.text).toBe('');
    await api.call('get', `/campaigns/${campaign.id}`).expect(404);
    await api.call('delete', `/campaigns/${campaign.id}`).expect(404);
  });
});

describe('versions', () => {
  it('answers 304 without a body to a GET that has the current one', async () => {
    const campaign = await api.create();
    const { headers } = await api.call('get', `/campaigns/${campaign.id}`);
    const same = await api
      .call('get', `/campaigns/${campaign.id}`)
      .set('If-None-Match', headers.etag!)
      .expect(304);
    expect(same.text).toBe('');
    expect(same.headers.etag).toBe(headers.etag);
    await api
      .call('get', `/campaigns/${campaign.id}`)
      .set('If-None-Match', `"x", W/${headers.etag}`)
      .expect(304);
    await api.call('patch', `/campaigns/${campaign.id}`).send({ name: 'New' }).expect(200);
    await api.call('get', `/campaigns/${campaign.id}`).set('If-None-Match', headers.etag!).expect(200);
  });

  it('refuses with 412 a write that means another version, and changes nothing', async () => {
    const campaign = await api.create();
    const stale = (await api.call('get', `/campaigns/${campaign.id}`)).headers.etag!;
    const current = (await api.call('patch', `/campaigns/${campaign.id}`).send({ name: 'New' })).headers
      .etag!;
    for (const tag of [stale, `W/${current}`, current.slice(1, -1)]) {
      const refused = await api
        .call('patch', `/campaigns/${campaign.id}`)
        .set('If-Match', tag)
        .send({ name: 'X' })
        .expect(412);
      expect(refused.body.error).toMatchObject({
        code: 'PRECONDITION_FAILED',
        details: { currentEtag: current },
      });
      await api.call('put', `/campaigns/${campaign.id}`).set('If-Match', tag).send(WHOLE).expect(412);
      await api.call('delete', `/campaigns/${campaign.id}`).set('If-Match', tag).expect(412);
    }
    expect((await api.call('get', `/campaigns/${campaign.id}`)).headers.etag).toBe(current);
    const next = await api
      .call('put', `/campaigns/${campaign.id}`)
      .set('If-Match', current)
      .send(WHOLE)
      .expect(200);
    await api
      .call('delete', `/campaigns/${campaign.id}`)
      .set('If-Match', `"x", ${next.headers.etag}`)
      .expect(204);
  });

  it('lets one of two writes through that mean the same version, whenever they meet', async () => {
    const campaign = await api.create();
    const tag = (await api.call('get', `/campaigns/${campaign.id}`)).headers.etag!;
    const write = async (name: string) =>
      (await api.call('patch', `/campaigns/${campaign.id}`).set('If-Match', tag).send({ name })).status;
    // Both have reached the row, and neither has it, before either goes on.
    const answers = await app.get(Database).write({ actor: { type: 'system', id: 'test' } }, async (tx) => {
      await tx.query('SELECT FROM campaigns WHERE id = $1 FOR UPDATE', [
        fromPublicId('campaign', campaign.id),
      ]);
      const both = [write('A'), write('B')];
      while ((await waitingForLocks()) < 2) continue;
      return { both };
    });
    expect((await Promise.all(answers.both)).sort()).toEqual([200, 412]);
  });
});
