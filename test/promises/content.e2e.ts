import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Body, type Method, StoreCalls } from '../content/store-calls.js';
import { until } from '../faults/until.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

// What the product says of posts, campaigns, lists, errors and bulk work, sentence by sentence, as requests to a running
// server.

const PATIENCE_MS = 20_000;
const POST = { caption: 'Twenty percent off.', platforms: ['instagram'] };
const CAMPAIGN = { name: 'Spring sale', platform: 'email' };
const AUDIENCE = { name: 'Regulars' };
const PAGE = { slug: 'spring', title: 'Spring', blocks: [{ type: 'heading', text: 'Twenty percent off' }] };
const PRODUCT = { sku: 'MUG-1', name: 'Blue mug', priceMinor: 1_290, currency: 'EUR' };
const WISHES = { startDate: '2026-12-01', endDate: '2026-12-24', goals: ['sales'], platforms: ['feed'] };

let app: TestApp;
let api: StoreCalls;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true });
});
beforeEach(async () => {
  api = await StoreCalls.inNewStore(app);
});
afterAll(() => app.close());

/** The same under `/api`, as the pages write it. */
const short = (method: Method, path: string, body?: object) => {
  const call = app.request[method](`/api${path}`).set('Authorization', `Bearer ${api.key.token}`);
  return body ? call.send(body) : call;
};
const batch = async (items: readonly object[]): Promise<readonly Body[]> => {
  const { results } = await api.post('/posts/batch', { items }, 200);
  return results as readonly Body[];
};

describe('content', () => {
  it('is read: campaign details, audiences, what a landing page says, products', async () => {
    const campaign = await api.post('/campaigns', CAMPAIGN);
    const page = await api.post('/landing-pages', PAGE);
    await api.post('/audiences', AUDIENCE);
    await api.post('/products', PRODUCT);
    const reader = await api.as('read-only');
    expect(await reader.get(`/campaigns/${campaign.id}`)).toMatchObject(CAMPAIGN);
    expect(await reader.column('/audiences')).toEqual(['Regulars']);
    expect(await reader.get(`/landing-pages/${page.id}`)).toMatchObject(PAGE);
    expect((await reader.get('/products')).data).toMatchObject([PRODUCT]);
  });

  it('is written: campaigns created, audiences managed, content generated, by those who may', async () => {
    const reader = await api.as('read-only');
    for (const [path, body, status] of [
      ['/campaigns', CAMPAIGN, 201],
      ['/audiences', AUDIENCE, 201],
      ['/plans/generate-preview', WISHES, 200],
    ] as const) {
      await reader.post(path, body, 403);
      await api.post(path, body, status);
    }
    const [audience] = (await api.get('/audiences')).data;
    await api.patch(`/audiences/${audience?.id}`, { name: 'Friends' });
    await api.delete(`/audiences/${audience?.id}`);
  });

  it('grows out of a product feed: its products, and posts about them', async () => {
    const content = 'sku,name,price\nMUG-1,Blue mug,12.90 EUR\n';
    const input = { format: 'csv', content };
    const { id } = await api.post('/jobs', { type: 'products.import', input }, 202);
    expect(await api.get(`/jobs/${id}?wait=30`)).toMatchObject({ status: 'succeeded' });
    const plan = await api.post('/content-plans', { ...WISHES, name: 'Advent' });
    const { postIds } = await api.post(`/content-plans/${plan.id}/accept`, {}, 200);
    const [first] = (await api.get('/posts?q=mug&limit=1')).data;
    expect(postIds).toContain(first?.id);
  });
});

describe('generation', () => {
  it('of copy is asked for by those who may write, and its texts are read by all who may read', async () => {
    const wish = { goal: 'sales', about: 'Spring' };
    const reader = await api.as('read-only');
    await reader.post('/copy/generate', wish, 403);
    const { id } = await api.post('/copy/generate', wish, 202);
    expect(await api.get(`/jobs/${id}?wait=30`)).toMatchObject({ status: 'succeeded' });
    const [copy] = (await reader.get('/copy')).data;
    expect(copy?.['texts']).toContainEqual(expect.stringMatching(/\w/));
  });

  it('of images makes media of the store', async () => {
    const made = await short('post', '/images/generate', { prompt: 'A blue mug in the morning' }).expect(202);
    const job = await api.get(`/jobs/${(made.body as Body).id}?wait=30`);
    expect(job).toMatchObject({ status: 'succeeded' });
    expect((await api.get('/media')).data).toMatchObject([{ type: expect.stringMatching(/^image\//) }]);
  });
});

describe('the endpoints', () => {
  it('of posts list, create, get, update, publish and delete', async () => {
    const made = await short('post', '/posts', { ...POST, platforms: ['feed'] }).expect(201);
    const path = `/posts/${(made.body as Body).id}`;
    expect((await short('get', '/posts').expect(200)).body).toMatchObject({ data: [made.body] });
    await short('get', path).expect(200);
    await short('put', path, { ...POST, caption: 'Thirty percent off.', platforms: ['feed'] }).expect(200);
    await short('post', `${path}/publish`).expect(202);
    await until('it is out', async () => (await api.get(path)).status === 'PUBLISHED', PATIENCE_MS);
    await short('delete', path).expect(204);
    await short('get', path).expect(404);
  });

  it('of campaigns and plans list, create and preview', async () => {
    await short('post', '/campaigns', CAMPAIGN).expect(201);
    await short('get', '/campaigns').expect(200);
    await short('post', '/plans/generate-preview', WISHES).expect(200);
  });

  it('have their version in the path, and are described by one document', async () => {
    const versioned = await app.request.get('/api/v1/posts').set('Authorization', `Bearer ${api.key.token}`);
    expect(versioned.status).toBe(200);
    const { openapi, paths } = (await app.request.get('/api/v1/openapi.json').expect(200)).body as {
      openapi: string;
      paths: object;
    };
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths)).toContain('/api/v1/posts/{id}/publish');
  });
});

describe('a list', () => {
  it('has pages of 20, of 100 at most, and says where it is and how it goes on', async () => {
    for (let made = 0; made < 110; made += 55) await batch(Array.from({ length: 55 }, () => POST));
    const page = async (query: string) => {
      const { data, pagination } = await api.get(`/posts${query}`);
      return { items: data.length, ...pagination };
    };
    const nextCursor = expect.any(String);
    const totalCount = 110;
    expect(await page('')).toEqual({ items: 20, page: 1, limit: 20, totalCount, hasMore: true, nextCursor });
    expect(await page('?page=2&limit=50')).toEqual({
      ...{ items: 50, page: 2, limit: 50, totalCount, hasMore: true, nextCursor },
    });
    const last = { items: 10, page: 2, limit: 100, totalCount, hasMore: false, nextCursor: null };
    expect(await page('?page=2&limit=100')).toEqual(last);
    expect((await api.get('/posts?limit=101', 400)).error.details.field).toBe('limit');
  });

  it('is filtered by status, platform, campaign and days, and sorted by a field', async () => {
    const campaign = await api.post('/campaigns', CAMPAIGN);
    const day = (no: number) => ({ scheduledFor: `2099-03-0${no}T10:00:00.000Z` });
    await batch([
      { ...POST, title: 'a', ...day(1), status: 'SCHEDULED' },
      { ...POST, title: 'b', ...day(3), campaignId: campaign.id },
      { ...POST, title: 'c', ...day(2), platforms: ['facebook'] },
      { ...POST, title: 'd', ...day(4), platforms: ['twitter', 'instagram'], status: 'SCHEDULED' },
    ]);
    const titles = async (query: string) => (await api.column(`/posts?${query}`, 'title')).join('');
    const inOrder = 'sortBy=scheduledFor&sortOrder=asc';
    expect(await titles('status=SCHEDULED&platform=instagram&sortBy=scheduledFor&sortOrder=desc')).toBe('da');
    expect(await titles(inOrder)).toBe('acbd');
    for (const [filter, found] of [
      ['status=DRAFT', 'cb'],
      ['platform=facebook', 'c'],
      ['platform=twitter', 'd'],
      [`campaignId=${campaign.id}`, 'b'],
      ['startDate=2099-03-02&endDate=2099-03-03', 'cb'],
    ]) {
      expect(await titles(`${filter}&${inOrder}`)).toBe(found);
    }
  });
});

describe('an error', () => {
  it('has a code, a message, and where a field is at fault, the field and the reason', async () => {
    expect((await api.post('/posts', { platforms: ['feed'] }, 400)).error).toMatchObject({
      code: 'INVALID_INPUT',
      message: 'caption: is required',
      details: { field: 'caption', reason: 'is required' },
    });
  });

  it.each([
    [401, 'KEY_MISSING'],
    [403, 'PERMISSION_DENIED'],
    [404, 'NOT_FOUND'],
  ])('with status %d has the same form', async (status, code) => {
    const asked = {
      401: () => app.request.get('/api/v1/posts'),
      403: async () => (await api.as('read-only')).call('post', '/posts').send(POST),
      404: () => api.call('get', '/posts/pst_01h455vb4pex5vsknk084sn02q'),
    }[status] as () => PromiseLike<{ status: number; body: object }>;
    const answer = await asked();
    expect(answer).toMatchObject({ status, body: { error: { code, message: expect.any(String) } } });
  });
});

describe('bulk work', () => {
  it('creates and updates posts by batches of 100', async () => {
    const made = await batch(Array.from({ length: 100 }, () => POST));
    expect(new Set(made.map((result) => result.status))).toEqual(new Set([201]));
    const items = made.map(({ data }) => ({ ...POST, id: (data as unknown as Body).id, caption: 'New.' }));
    expect(await api.put('/posts/batch', { items })).toMatchObject({ succeeded: 100, failed: 0 });
    expect(new Set(await api.column('/posts?limit=100', 'caption'))).toEqual(new Set(['New.']));
  });

  it('of more is a job, which is polled for its status', async () => {
    const rows = Array.from({ length: 150 }, (_, no) => ({ ...POST, title: `No ${no}` }));
    const input = { format: 'json', content: JSON.stringify(rows) };
    const { id, status } = await api.post('/jobs', { type: 'posts.import', input }, 202);
    expect(status).toBe('queued');
    await until('it is done', async () => (await api.get(`/jobs/${id}`)).status === 'succeeded', PATIENCE_MS);
    expect((await api.get('/posts?limit=1')).pagination.totalCount).toBe(150);
  });
});

it('drafts are not published, whatever time they name', async () => {
  const past = new Date(Date.now() - 60_000).toISOString();
  const draft = await api.post('/posts', { ...POST, platforms: ['feed'], scheduledFor: past });
  const due = await api.post('/posts', {
    ...POST,
    platforms: ['feed'],
    scheduledFor: past,
    status: 'SCHEDULED',
  });
  await until(
    'the other is out',
    async () => (await api.get(`/posts/${due.id}`)).status === 'PUBLISHED',
    PATIENCE_MS,
  );
  expect((await api.get(`/posts/${draft.id}`)).status).toBe('DRAFT');
});
