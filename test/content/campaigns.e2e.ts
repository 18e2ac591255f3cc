import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { CampaignCalls, MINIMAL, names, WHOLE } from './campaign-calls.js';

let app: TestApp;
let api: CampaignCalls;

beforeAll(async () => {
  app = await startTestApp();
  api = await CampaignCalls.withNewStore(app);
});

afterAll(() => app.close());

describe('creating a campaign', () => {
  it('answers 201 with the campaign, its ETag and where it is', async () => {
    const response = await api.call('post', '/campaigns').send(WHOLE).expect(201);
    expect(response.body).toMatchObject({ ...WHOLE, storeId: api.key.storeId });
    expect(response.body.id).toMatch(/^cmp_[0-9a-z]{26}$/);
    expect(response.body.createdAt).toBe(response.body.updatedAt);
    expect(response.headers.etag).toMatch(/^"[\w-]+"$/);
    expect(response.headers.location).toBe(`/api/v1/campaigns/${response.body.id}`);

    const found = await api.call('get', `/campaigns/${response.body.id}`).expect(200);
    expect(found.body).toEqual(response.body);
    expect(found.headers.etag).toBe(response.headers.etag);
  });

  it('fills in what is left out', async () => {
    expect(await api.create()).toMatchObject({
      description: '',
      status: 'DRAFT',
      objective: 'awareness',
      budgetCents: null,
      currency: 'USD',
      startDate: null,
      endDate: null,
      tags: [],
    });
  });

  it('writes its change row and its event in the same transaction', async () => {
    const response = await api.call('post', '/campaigns').send(MINIMAL).expect(201);
    const campaign = response.body;
    const [change, ...more] = await api.changesOf(campaign);
    expect(more).toEqual([]);
    expect(change).toMatchObject({
      action: 'insert',
      actor_type: 'key',
      before: null,
      after: { name: campaign.name },
    });
    const [event] = await api.eventsOf(campaign);
    expect(event).toMatchObject({ type: 'campaign.created', request_id: change?.request_id, data: campaign });
  });

  it('replays the first answer to an Idempotency-Key, and creates nothing twice', async () => {
    const send = (body: object) =>
      api.call('post', '/campaigns').set('Idempotency-Key', 'create-1').send(body);
    const first = await send(MINIMAL).expect(201);
    const second = await send(MINIMAL).expect(201);
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second.headers.etag).toBe(first.headers.etag);
    expect(second.headers.location).toBe(first.headers.location);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(await api.eventsOf(first.body)).toHaveLength(1);

    const mismatch = await send({ ...MINIMAL, name: 'Another' }).expect(422);
    expect(mismatch.body.error.code).toBe('IDEMPOTENCY_MISMATCH');
  });
});

describe('both mounts', () => {
  it('show the same store', async () => {
    const created = await api.call('post', `/stores/${api.key.storeId}/campaigns`).send(MINIMAL).expect(201);
    expect(created.headers.location).toBe(`/api/v1/stores/${api.key.storeId}/campaigns/${created.body.id}`);
    const short = await api.call('get', `/campaigns/${created.body.id}`).expect(200);
    const long = await api.call('get', created.headers.location!.slice('/api/v1'.length)).expect(200);
    expect(long.body).toEqual(short.body);
    expect(await api.list('?limit=1')).toEqual(
      (await api.call('get', `/stores/${api.key.storeId}/campaigns?limit=1`)).body,
    );
  });
});

describe("another store's campaign", () => {
  it('is not there: 404 for whatever is tried, and nothing changes', async () => {
    const campaign = await api.create();
    const stranger = await api.elsewhere();
    for (const prefix of ['', `/stores/${stranger.storeId}`, `/stores/${api.key.storeId}`]) {
      const path = `${prefix}/campaigns/${campaign.id}`;
      for (const method of ['get', 'delete'] as const) await api.call(method, path, stranger).expect(404);
      await api.call('put', path, stranger).send(WHOLE).expect(404);
      await api.call('patch', path, stranger).send({ name: 'Mine' }).expect(404);
    }
    await api.call('get', `/stores/${api.key.storeId}/campaigns`, stranger).expect(404);
    expect(names(await api.list('', stranger))).toEqual([]);
    expect((await api.call('get', `/campaigns/${campaign.id}`).expect(200)).body).toEqual(campaign);
  });

  it('is answered as an id that never was, and as one that is no id', async () => {
    const bodies = ['cmp_01h455vb4pex5vsknk084sn02q', 'cmp_x', api.key.storeId].map(async (id) => {
      const { body } = await api.call('get', `/campaigns/${id}`).expect(404);
      return { ...body.error, requestId: undefined };
    });
    const [absent, ...malformed] = await Promise.all(bodies);
    expect(absent).toMatchObject({ code: 'NOT_FOUND' });
    for (const body of malformed) expect(body).toEqual(absent);
  });
});

describe('levels', () => {
  it('lets a reader read, and nothing else', async () => {
    const campaign = await api.create();
    const reader = await app.createKey({ role: 'read-only', storeId: api.key.storeId });
    await api.call('get', `/campaigns/${campaign.id}`, reader).expect(200);
    await api.call('get', '/campaigns', reader).expect(200);
    await api.call('post', '/campaigns', reader).send(MINIMAL).expect(403);
    await api.call('put', `/campaigns/${campaign.id}`, reader).send(WHOLE).expect(403);
    await api.call('patch', `/campaigns/${campaign.id}`, reader).send({ name: 'X' }).expect(403);
    const refused = await api.call('delete', `/campaigns/${campaign.id}`, reader).expect(403);
    expect(refused.body.error.code).toBe('PERMISSION_DENIED');
    expect((await api.call('get', `/campaigns/${campaign.id}`)).body).toEqual(campaign);
  });
});
