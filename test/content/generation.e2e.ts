import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Body, StoreCalls } from './store-calls.js';

let app: TestApp;
let store: StoreCalls;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true });
  store = await StoreCalls.inNewStore(app);
  await store.post('/products', {
    ...{ sku: 'MUG-1', name: 'Blue mug', priceMinor: 1_290, currency: 'EUR', status: 'ACTIVE' },
  });
});
afterAll(() => app.close());

async function made(kind: 'copy' | 'images', input: object, on = store): Promise<Body> {
  const { id } = await on.post(`/${kind}/generate`, input, 202);
  return on.get(`/jobs/${id}?wait=30`);
}

const resultOf = (job: Body) => job['result'] as Body;
const textsOf = (job: Body) => resultOf(job)['texts'] as string[];

describe('a brand', () => {
  it('is the store’s name, plainly, until somebody says more', async () => {
    const fresh = await StoreCalls.inNewStore(app);
    const before = await fresh.call('get', '/brand').expect(200);
    expect(before.body).toEqual({ name: expect.any(String), tone: 'plain', words: [], updatedAt: null });
    const said = { name: 'Kiln & Leaf', tone: 'warm', words: ['thrown by hand'] };
    const first = await fresh
      .call('put', '/brand')
      .set('If-Match', before.headers['etag'] ?? '')
      .send(said);
    expect(first.body).toEqual({ ...said, updatedAt: expect.any(String) });
    expect(await fresh.get('/brand')).toEqual(first.body);
    await fresh
      .call('put', '/brand')
      .set('If-Match', before.headers['etag'] ?? '')
      .send(said)
      .expect(412);
    expect(await fresh.put('/brand', said)).toEqual(first.body);
    expect(await fresh.put('/brand', { tone: 'lively' })).toMatchObject({ words: [], tone: 'lively' });
  });

  it('is one, however many say it at once', async () => {
    const fresh = await StoreCalls.inNewStore(app);
    const words = ['a', 'b', 'c', 'd', 'e'];
    const answers = await Promise.all(words.map((word) => fresh.put('/brand', { words: [word] })));
    expect(answers.map(({ updatedAt }) => typeof updatedAt)).toEqual(words.map(() => 'string'));
    const [row] = await app.sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM change_log WHERE entity = 'brand' AND action = 'insert'
         AND after->>'store_id' = $1`,
      [fromPublicId('store', fresh.key.storeId)],
    );
    expect(row?.count).toBe(1);
  });
});

describe('generated copy', () => {
  it('speaks of the store’s products in the brand’s words, and says who made it', async () => {
    await store.put('/brand', { name: 'Kiln & Leaf', words: ['thrown by hand', 'made to last'] });
    const ordered = await store
      .call('post', '/copy/generate')
      .send({ goal: 'sales', skus: ['MUG-1'], count: 4 });
    expect(ordered.status).toBe(202);
    expect(ordered.headers['location']).toBe(`/api/v1/jobs/${ordered.body.id}`);
    const job = await store.get(`/jobs/${ordered.body.id}?wait=30`);
    expect(job).toMatchObject({
      ...{ type: 'copy.generate', status: 'succeeded', progress: { done: 4, total: 4 } },
      result: {
        goal: 'sales',
        skus: ['MUG-1'],
        tone: 'plain',
        language: 'en',
        provider: 'built-in',
        model: null,
      },
    });
    const texts = textsOf(job);
    expect(new Set(texts).size).toBe(4);
    for (const text of texts) {
      expect(text).toContain('Blue mug');
      expect(text).toContain('€12.90');
      expect(text).toMatch(/Thrown by hand\.|Made to last\./);
    }
    const { id } = resultOf(job);
    expect(await store.get(`/copy/${id}`)).toEqual(resultOf(job));
    expect(resultOf(job)['jobId']).toBe(job.id);
  });

  it('begins with what it is about, and fits where it goes', async () => {
    const about = 'our spring sale begins on Monday';
    const job = await made('copy', { about, platform: 'twitter', mostCharacters: 10_000, count: 10 });
    for (const text of textsOf(job)) {
      expect(text).toMatch(/^Our spring sale begins on Monday\./);
      expect([...text].length).toBeLessThanOrEqual(280);
    }
    const [short] = textsOf(await made('copy', { about: 'x'.repeat(1_000), mostCharacters: 40, count: 1 }));
    expect([...(short ?? '')]).toHaveLength(40);
  });

  it('is listed, searched and deleted', async () => {
    const mine = await StoreCalls.inNewStore(app);
    const first = resultOf(await made('copy', { about: 'Tulips', goal: 'leads' }, mine));
    const second = resultOf(await made('copy', { about: 'Roses', platform: 'feed' }, mine));
    expect(await mine.column('/copy', 'id')).toEqual([second.id, first.id]);
    expect(await mine.column('/copy?goal=leads', 'id')).toEqual([first.id]);
    expect(await mine.column('/copy?platform=feed', 'id')).toEqual([second.id]);
    expect(await mine.column('/copy?q=tulips', 'id')).toEqual([first.id]);
    expect(await mine.column('/copy?q=shop', 'id')).not.toEqual([]);
    await mine.delete(`/copy/${first.id}`);
    await mine.get(`/copy/${first.id}`, 404);
    expect(await mine.changesOf('copy', first)).toMatchObject([
      { action: 'insert', actor_type: 'key' },
      { action: 'delete', actor_type: 'key' },
    ]);
  });

  it('is refused for what nobody here can write', async () => {
    const refused = async (input: object) => (await store.post('/copy/generate', input, 400)).error.details;
    expect(await refused({ provider: 'openai-compatible' })).toMatchObject({
      field: 'provider',
      reason: 'must be one that is set up here: built-in',
    });
    expect(await refused({ language: 'de' })).toMatchObject({
      field: 'language',
      reason: 'must be English for the provider built-in',
    });
    expect(await refused({ language: 'German' })).toMatchObject({ field: 'language' });
    const { error } = await store.post('/jobs', { type: 'copy.generate', input: { language: 'de' } }, 400);
    expect(error.details).toMatchObject({ field: 'input.language' });
    expect(await made('copy', { skus: ['NONE'] })).toMatchObject({
      status: 'failed',
      error: { code: 'PRODUCT_UNKNOWN', message: 'There is no product with the SKU NONE.' },
    });
  });

  it('is for those who may write it', async () => {
    const reader = await store.as('read-only');
    await reader.get('/copy');
    await reader.post('/copy/generate', {}, 403);
    await reader.post('/images/generate', { prompt: 'A mug' }, 403);
    await reader.put('/brand', {}, 403);
  });
});

describe('generated images', () => {
  it('become media, of the size that was asked for', async () => {
    const job = await made('images', {
      prompt: 'Blue mug by the window',
      sku: 'MUG-1',
      size: '1536x1024',
      count: 2,
    });
    expect(job).toMatchObject({
      ...{ type: 'images.generate', status: 'succeeded', progress: { done: 2, total: 2 } },
      result: { size: '1536x1024', sku: 'MUG-1', provider: 'built-in', model: null, jobId: job.id },
    });
    const mediaIds = resultOf(job)['mediaIds'] as string[];
    expect(mediaIds).toHaveLength(2);
    const files = await Promise.all(mediaIds.map((id) => store.get(`/media/${id}`)));
    for (const file of files) {
      expect(file).toMatchObject({ type: 'image/png', width: 1_536, height: 1_024 });
      expect(file).toMatchObject({ name: 'Blue mug by the window', alt: 'Blue mug by the window' });
    }
    // What has nothing on it takes fewer, and no two are the same.
    expect(Math.min(...files.map(({ bytes }) => Number(bytes)))).toBeGreaterThan(20_000);
    expect(files[0]?.['sha256']).not.toBe(files[1]?.['sha256']);
  });

  it('are drawn whatever is written on them', async () => {
    for (const prompt of ['茶', '🫖', '<svg onload="x">', 'y'.repeat(1_000)]) {
      expect(await made('images', { prompt })).toMatchObject({ status: 'succeeded', result: { prompt } });
    }
  });

  it('are listed and forgotten, and stay media', async () => {
    const mine = await StoreCalls.inNewStore(app);
    const set = resultOf(await made('images', { prompt: 'Tulips in a row' }, mine));
    expect(await mine.column('/images?q=tulips', 'id')).toEqual([set.id]);
    expect(await mine.column('/images?sku=MUG-1', 'id')).toEqual([]);
    await mine.delete(`/images/${set.id}`);
    expect(await mine.column('/images', 'id')).toEqual([]);
    expect(await mine.column('/media', 'id')).toEqual(set['mediaIds']);
  });
});
