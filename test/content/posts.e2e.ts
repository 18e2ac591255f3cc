import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../faults/until.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Body, StoreCalls } from './store-calls.js';
import { TestConnectorsModule, TestNetwork } from './test-connectors.js';

const PATIENCE_MS = 20_000;

let app: TestApp;
let api: StoreCalls;
let network: TestNetwork;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true, modules: [TestConnectorsModule] });
  network = app.get(TestNetwork);
});
beforeEach(async () => {
  api = await StoreCalls.inNewStore(app);
  network.orders.length = 0;
});
afterAll(() => app.close());

const POST = { caption: 'Twenty percent off.', platforms: ['feed'] };
const create = (fields: object = {}): Promise<Body> => api.post('/posts', { ...POST, ...fields });
const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();
const reaches = async ({ id }: Body, status: string): Promise<Body> => {
  await until(
    `the post is ${status}`,
    async () => (await api.get(`/posts/${id}`)).status === status,
    PATIENCE_MS,
  );
  return api.get(`/posts/${id}`);
};

describe('a post', () => {
  it('is made, read, replaced, changed and deleted', async () => {
    const campaign = await api.post('/campaigns', { name: 'Spring', platform: 'email' });
    const whole = {
      ...POST,
      title: 'Spring',
      link: 'https://shop.example.com/',
      platforms: ['feed', 'twitter'],
      variants: [{ platform: 'twitter', caption: 'Short.' }],
      campaignId: campaign.id,
      scheduledFor: '2099-01-01T00:00:00.000Z',
      tags: ['a'],
    };
    const made = await create(whole);
    expect(made).toMatchObject({ ...whole, status: 'DRAFT', publications: [], publishedAt: null });
    expect(await api.get(`/posts/${made.id}`)).toEqual(made);
    const replaced = await api.put(`/posts/${made.id}`, POST);
    expect(replaced).toMatchObject({
      ...POST,
      title: '',
      variants: [],
      campaignId: null,
      scheduledFor: null,
    });
    expect(await api.patch(`/posts/${made.id}`, { title: 'New' })).toMatchObject({ ...POST, title: 'New' });
    await api.delete(`/posts/${made.id}`);
    await api.get(`/posts/${made.id}`, 404);
    expect(await api.eventsOf(made)).toEqual([
      'post.created',
      'post.updated',
      'post.updated',
      'post.deleted',
    ]);
  });

  it('loses its campaign when that is deleted', async () => {
    const campaign = await api.post('/campaigns', { name: 'Spring', platform: 'email' });
    const post = await create({ campaignId: campaign.id });
    await api.delete(`/campaigns/${campaign.id}`);
    expect((await api.get(`/posts/${post.id}`)).campaignId).toBeNull();
  });

  it.each([
    [{ caption: undefined }, 'caption', 'is required'],
    [{ platforms: [] }, 'platforms', 'at least 1 item'],
    [{ platforms: ['myspace'] }, 'platforms[0]', 'must be one of'],
    [{ caption: 'x'.repeat(281), platforms: ['feed', 'twitter'] }, 'caption', 'twitter takes 280 at most'],
    [{ caption: '#a '.repeat(31), platforms: ['instagram'] }, 'caption', 'has 31 hashtags'],
    [
      { variants: [{ platform: 'twitter', caption: 'a' }] },
      'variants[0].platform',
      'is none of the platforms',
    ],
    [{ status: 'SCHEDULED' }, 'scheduledFor', 'is required'],
    [{ status: 'PUBLISHED' }, 'status', 'must be one of DRAFT, SCHEDULED'],
    [{ campaignId: 'cmp_01h455vb4pex5vsknk084sn02q' }, 'campaignId', 'is no campaign of this store'],
  ])('with %j is refused', async (fields, field, reason) => {
    const { error } = await api.post('/posts', { ...POST, ...fields }, 400);
    expect(error).toMatchObject({
      code: 'INVALID_INPUT',
      details: { field, reason: expect.stringContaining(reason) },
    });
  });

  it('counts characters, not their halves, for each platform what is said there', async () => {
    await create({ caption: '🌱'.repeat(280), platforms: ['twitter'] });
    const variants = [{ platform: 'twitter', caption: 'Short.' }];
    await create({ caption: 'x'.repeat(300), platforms: ['feed', 'twitter'], variants });
  });

  it("may not name another store's campaign", async () => {
    const other = await StoreCalls.inNewStore(app);
    const campaign = await other.post('/campaigns', { name: 'Theirs', platform: 'email' });
    await api.post('/posts', { ...POST, campaignId: campaign.id }, 400);
    const post = await create();
    await api.patch(`/posts/${post.id}`, { campaignId: campaign.id }, 400);
    await other.get(`/posts/${post.id}`, 404);
    await other.post(`/posts/${post.id}/publish`, {}, 404);
  });
});

describe('the list of posts', () => {
  it('filters, searches and orders', async () => {
    const campaign = await api.post('/campaigns', { name: 'Spring', platform: 'email' });
    const rows = [
      { title: 'a', scheduledFor: '2099-03-01T10:00:00Z', status: 'SCHEDULED' },
      { title: 'b', scheduledFor: '2099-03-02T10:00:00Z', platforms: ['instagram', 'feed'] },
      { title: 'c', campaignId: campaign.id, caption: 'Roses and tulips.' },
    ];
    for (const row of rows) await create(row);
    const titles = async (query: string) =>
      (await api.column(`/posts?sortBy=title&sortOrder=asc${query}`, 'title')).join('');
    expect(await titles('&status=SCHEDULED')).toBe('a');
    expect(await titles('&platform=instagram')).toBe('b');
    expect(await titles(`&campaignId=${campaign.id}`)).toBe('c');
    expect(await titles('&q=tulips')).toBe('c');
    expect(await titles('&startDate=2099-03-02')).toBe('b');
    expect(await titles('&startDate=2099-03-01&endDate=2099-03-01')).toBe('a');
    expect(await titles('&endDate=2098-01-01')).toBe('c');
    expect(await api.column('/posts?sortBy=scheduledFor&sortOrder=desc', 'title')).toEqual(['b', 'a', 'c']);
    expect((await api.get('/posts?startDate=2026-02-02&endDate=2026-02-01', 400)).error.details.field).toBe(
      'endDate',
    );
  });
});

describe('publishing', () => {
  it('brings a post to every platform, with the words for each, and tells of it', async () => {
    const made = await create({
      caption: 'Long words.',
      title: 'Spring',
      platforms: ['feed', 'twitter', 'linkedin'],
      variants: [{ platform: 'twitter', caption: 'Short.' }],
    });
    const sent = await api.post(`/posts/${made.id}/publish`, {}, 202);
    expect(sent).toMatchObject({
      status: 'PUBLISHING',
      publications: [{ platform: 'feed', status: 'PENDING' }, {}, {}],
    });
    const post = await reaches(made, 'PUBLISHED');
    expect(post).toMatchObject({
      publishedAt: expect.any(String),
      publications: [
        { platform: 'feed', status: 'PUBLISHED', attempts: 1, url: expect.stringMatching(/^\/feeds\/sto_/) },
        { platform: 'twitter', status: 'PUBLISHED', url: `https://network.example.com/${made.id}` },
        { platform: 'linkedin', status: 'PUBLISHED', error: null },
      ],
    });
    const said = network.orders.map(({ platform, caption, idempotencyKey }) => [
      platform,
      caption,
      idempotencyKey,
    ]);
    expect(said.sort()).toEqual([
      ['linkedin', 'Long words.', `${made.id}/linkedin`],
      ['twitter', 'Short.', `${made.id}/twitter`],
    ]);
    const events = await api.eventsOf(made);
    expect(events.filter((type) => type === 'post.published')).toHaveLength(1);
    expect(events).not.toContain('post.failed');
    for (const action of ['publish', 'retry']) {
      expect((await api.post(`/posts/${made.id}/${action}`, {}, 409)).error).toMatchObject({
        code: 'CONFLICT',
        details: { status: 'PUBLISHED' },
      });
    }
    await api.patch(`/posts/${made.id}`, { caption: 'Other words.' }, 409);
    await api.put(`/posts/${made.id}`, POST, 409);
  });

  it('on a platform that fails holds up none of the others, and is tried again there alone', async () => {
    network.faults.set('Not these.', 'refuse');
    const made = await create({
      platforms: ['feed', 'twitter', 'linkedin', 'instagram'],
      variants: [{ platform: 'twitter', caption: 'Not these.' }],
    });
    await api.post(`/posts/${made.id}/publish`, {}, 202);
    const post = await reaches(made, 'FAILED');
    expect(post.publications).toMatchObject([
      { platform: 'feed', status: 'PUBLISHED' },
      { platform: 'twitter', status: 'FAILED', attempts: 1, error: 'It does not like the words.' },
      { platform: 'linkedin', status: 'PUBLISHED' },
      { platform: 'instagram', status: 'FAILED', error: 'No account is connected for instagram.' },
    ]);
    expect(await api.eventsOf(made)).toContain('post.failed');
    // Something of it is out: its words are what they were.
    await api.patch(`/posts/${made.id}`, { caption: 'Other words.' }, 409);
    network.faults.clear();
    network.orders.length = 0;
    await api.post(`/posts/${made.id}/retry`, {}, 202);
    const again = await reaches(made, 'FAILED');
    expect(again.publications).toMatchObject([
      {},
      { platform: 'twitter', status: 'PUBLISHED' },
      {},
      { status: 'FAILED' },
    ]);
    expect(network.orders.map(({ platform }) => platform)).toEqual(['twitter']);
  });

  it('is tried again where a platform breaks, and tells nobody why it did', async () => {
    network.faults.set('Once broken.', 'break-once');
    const made = await create({ caption: 'Once broken.', platforms: ['twitter'] });
    await api.post(`/posts/${made.id}/publish`, {}, 202);
    const post = await reaches(made, 'PUBLISHED');
    expect(post.publications).toMatchObject([{ status: 'PUBLISHED', attempts: 2, error: null }]);
    network.faults.set('Broken.', 'break');
    const broken = await create({ caption: 'Broken.', platforms: ['twitter'] });
    await api.post(`/posts/${broken.id}/publish`, {}, 202);
    await until(
      'it was tried',
      async () =>
        JSON.stringify(await api.get(`/posts/${broken.id}`)).includes(
          '"error":"twitter could not be reached."',
        ),
      PATIENCE_MS,
    );
    network.faults.clear();
    await reaches(broken, 'PUBLISHED');
  });

  it('comes by itself at the time that a post is scheduled for, as it was moved', async () => {
    const made = await create({ status: 'SCHEDULED', scheduledFor: '2099-01-01T00:00:00Z' });
    await api.patch(`/posts/${made.id}`, { scheduledFor: ahead(300) });
    await reaches(made, 'PUBLISHED');
    const events = await api.eventsOf(made);
    expect(events.filter((type) => type === 'post.published')).toHaveLength(1);
  });

  it('does not come for a schedule that was taken back', async () => {
    const taken = await create({ status: 'SCHEDULED', scheduledFor: ahead(500) });
    await api.patch(`/posts/${taken.id}`, { status: 'DRAFT' });
    const other = await create({ status: 'SCHEDULED', scheduledFor: ahead(700) });
    await reaches(other, 'PUBLISHED');
    expect((await api.get(`/posts/${taken.id}`)).status).toBe('DRAFT');
  });

  it('of a post that is deleted meanwhile comes to nothing, quietly', async () => {
    const made = await create({ status: 'SCHEDULED', scheduledFor: ahead(100) });
    await api.delete(`/posts/${made.id}`);
    await reaches(await create({ status: 'SCHEDULED', scheduledFor: ahead(300) }), 'PUBLISHED');
  });
});

describe('the feeds of a store', () => {
  it('have what was published there, and nothing else, as JSON Feed and as RSS', async () => {
    const made = await create({
      caption: 'Roses & <b>tulips</b>',
      title: '"Spring"',
      link: 'https://shop.example.com/?a=1&b=2',
      tags: ['a&b'],
    });
    await create({ caption: 'A draft.' });
    const elsewhere = await create({ caption: 'Elsewhere.', platforms: ['twitter'] });
    for (const { id } of [made, elsewhere]) await api.post(`/posts/${id}/publish`, {}, 202);
    await reaches(made, 'PUBLISHED');
    await reaches(elsewhere, 'PUBLISHED');
    const base = `${app.url}/feeds/${api.key.storeId}`;
    const answer = await fetch(`${base}/feed.json`);
    expect(answer.headers.get('content-type')).toBe('application/feed+json; charset=utf-8');
    expect(await answer.json()).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Test store',
      feed_url: `${base}/feed.json`,
      items: [{ id: made.id, title: '"Spring"', content_text: 'Roses & <b>tulips</b>', tags: ['a&b'] }],
    });
    const again = await fetch(`${base}/feed.json`, {
      headers: { 'If-None-Match': answer.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
    const rss = await (await fetch(`${base}/feed.rss`)).text();
    expect(rss).toContain('<description>Roses &amp; &lt;b&gt;tulips&lt;/b&gt;</description>');
    expect(rss).toContain('<link>https://shop.example.com/?a=1&amp;b=2</link>');
    expect(rss.match(/<item>/g)).toHaveLength(1);
    expect((await fetch(`${app.url}/feeds/sto_01h455vb4pex5vsknk084sn02q/feed.rss`)).status).toBe(404);
    expect((await fetch(`${app.url}/feeds/x/feed.json`)).status).toBe(404);
  });
});

describe('a batch', () => {
  const items = [{ ...POST, title: 'a' }, { ...POST, caption: 1 }, { ...POST, title: 'c' }, 7];

  it('makes what it can, with a result for each item', async () => {
    const answer = await api.post('/posts/batch', { items }, 200);
    expect(answer).toMatchObject({
      succeeded: 2,
      failed: 2,
      results: [
        { index: 0, status: 201, data: { title: 'a' }, error: null },
        {
          index: 1,
          status: 400,
          data: null,
          error: { code: 'INVALID_INPUT', details: { field: 'caption' } },
        },
        { index: 2, status: 201, data: { title: 'c' } },
        { index: 3, status: 400, error: { code: 'INVALID_INPUT' } },
      ],
    });
    expect(await api.column('/posts?sortBy=title&sortOrder=asc', 'title')).toEqual(['a', 'c']);
  });

  it('makes all or nothing where it is atomic', async () => {
    const { error } = await api.post('/posts/batch?atomic=true', { items }, 400);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'items[1].caption' } });
    expect(await api.column('/posts', 'title')).toEqual([]);
    const made = await api.post('/posts/batch?atomic=true', { items: [items[0], items[2]] }, 200);
    expect(made).toMatchObject({ succeeded: 2, failed: 0 });
  });

  it('replaces, each by its id', async () => {
    const [first, second] = [await create(), await create({ title: 'b' })];
    const replacing = [
      { id: first.id, ...POST, title: 'New' },
      { id: 'pst_01h455vb4pex5vsknk084sn02q', ...POST },
      { ...POST },
    ];
    expect(await api.put('/posts/batch', { items: replacing })).toMatchObject({
      succeeded: 1,
      results: [
        { status: 200, data: { id: first.id, title: 'New' } },
        { status: 404, error: { code: 'NOT_FOUND' } },
        { status: 400, error: { details: { field: 'id' } } },
      ],
    });
    const atomic = [{ id: second.id, ...POST, title: 'Newer' }, replacing[1]];
    const { error } = await api.put('/posts/batch?atomic=true', { items: atomic }, 400);
    expect(error.details.field).toBe('items[1].id');
    expect((await api.get(`/posts/${second.id}`)).title).toBe('b');
  });

  it('is answered again under its Idempotency-Key', async () => {
    const send = () =>
      api
        .call('post', '/posts/batch')
        .set('Idempotency-Key', 'batch-1')
        .send({ items: [POST] })
        .expect(200);
    expect((await send()).body).toEqual((await send()).body);
    expect(await api.column('/posts', 'caption')).toEqual([POST.caption]);
  });

  it.each([[[]], [Array.from({ length: 101 }, () => POST)], ['x']])(
    'of %.20j items is refused',
    async (given) => {
      expect((await api.post('/posts/batch', { items: given }, 400)).error.details.field).toBe('items');
    },
  );
});

it('posts are imported by a job, with each bad row told', async () => {
  const content =
    'caption,platforms,status,scheduledFor\nOne,feed|twitter,,\n,feed,,\nTwo,feed,SCHEDULED,2099-01-01T00:00:00Z\nThree,myspace,,\n';
  const { id } = await api.post('/jobs', { type: 'posts.import', input: { format: 'csv', content } }, 202);
  expect(await api.get(`/jobs/${id}?wait=30`)).toMatchObject({
    status: 'succeeded',
    result: { rows: 4, created: 2, refused: 2 },
  });
  expect((await api.get(`/jobs/${id}/errors`)).data).toMatchObject([
    { row: 2, field: 'caption' },
    { row: 4, field: 'platforms[0]' },
  ]);
  expect(await api.column('/posts?sortBy=scheduledFor&sortOrder=asc', 'caption')).toEqual(['Two', 'One']);
});
