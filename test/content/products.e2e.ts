import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Body, StoreCalls } from './store-calls.js';

let app: TestApp;
let api: StoreCalls;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true });
  api = await StoreCalls.inNewStore(app);
});
afterAll(() => app.close());

const MUG = { sku: 'MUG-1', name: 'Blue mug', priceMinor: 1_290, currency: 'EUR' };
const WHOLE = {
  ...MUG,
  sku: 'MUG-2',
  description: 'Glazed\nby hand.',
  status: 'DRAFT',
  stock: 3,
  category: 'Kitchen',
  url: 'https://shop.example.com/mug?a=1',
  imageUrl: 'https://shop.example.com/mug.jpg',
  tags: ['gift'],
};

describe('a product', () => {
  it('is made, read, replaced, changed and deleted', async () => {
    const made = await api.post('/products', WHOLE);
    expect(made).toMatchObject(WHOLE);
    expect(made.id).toMatch(/^prd_/);
    expect(await api.get(`/products/${made.id}`)).toEqual(made);
    const replaced = await api.put(`/products/${made.id}`, { ...MUG, sku: 'MUG-2' });
    expect(replaced).toMatchObject({ status: 'ACTIVE', stock: null, url: null, category: '', tags: [] });
    const { body, headers } = await api.call('patch', `/products/${made.id}`).send({ stock: 0 }).expect(200);
    expect(body).toMatchObject({ stock: 0, name: 'Blue mug' });
    await api.call('delete', `/products/${made.id}`).set('If-Match', '"old"').expect(412);
    await api
      .call('delete', `/products/${made.id}`)
      .set('If-Match', headers.etag ?? '')
      .expect(204);
    await api.get(`/products/${made.id}`, 404);
    expect((await api.changesOf('product', made)).map(({ action }) => action)).toEqual([
      'insert',
      'update',
      'update',
      'delete',
    ]);
  });

  it('has a SKU of its own in its store', async () => {
    const first = await api.post('/products', { ...MUG, sku: 'ONCE' });
    const second = await api.post('/products', { ...MUG, sku: 'TWICE' });
    const taken = { code: 'CONFLICT', details: { field: 'sku' } };
    expect((await api.post('/products', { ...MUG, sku: 'ONCE' }, 409)).error).toMatchObject(taken);
    expect((await api.patch(`/products/${second.id}`, { sku: 'ONCE' }, 409)).error).toMatchObject(taken);
    await (await StoreCalls.inNewStore(app)).post('/products', { ...MUG, sku: 'ONCE' });
    await api.delete(`/products/${first.id}`);
    await api.patch(`/products/${second.id}`, { sku: 'ONCE' });
  });

  it.each([
    ['no price', { ...MUG, priceMinor: undefined }, 'priceMinor'],
    ['a price with a fraction', { ...MUG, priceMinor: 12.9 }, 'priceMinor'],
    ['a price below nothing', { ...MUG, priceMinor: -1 }, 'priceMinor'],
    ['a currency in words', { ...MUG, currency: 'Euro' }, 'currency'],
    ['a blank SKU', { ...MUG, sku: ' ' }, 'sku'],
    ['a script for an address', { ...MUG, url: 'javascript:alert(1)' }, 'url'],
    ['an address with a user', { ...MUG, url: 'https://a@b.example' }, 'url'],
    ['a stock below nothing', { ...MUG, stock: -1 }, 'stock'],
  ])('with %s is refused', async (_, body, field) => {
    expect((await api.post('/products', body, 400)).error.details.field).toBe(field);
  });

  it('is not there for another store, and not to be changed by a reader', async () => {
    const made = await api.post('/products', { ...MUG, sku: 'FOREIGN' });
    const stranger = await StoreCalls.inNewStore(app);
    await stranger.get(`/products/${made.id}`, 404);
    await stranger.patch(`/products/${made.id}`, { name: 'Mine' }, 404);
    const reader = await api.as('read-only');
    await reader.get(`/products/${made.id}`);
    await reader.delete(`/products/${made.id}`, 403);
  });
});

describe('the list of products', () => {
  it('filters, searches and orders', async () => {
    const other = await StoreCalls.inNewStore(app);
    const rows = [
      { sku: 'A', name: 'Blue mug', category: 'Kitchen', stock: 2, priceMinor: 300 },
      { sku: 'B', name: 'Red mug', category: 'Kitchen', stock: 0, priceMinor: 100, status: 'ARCHIVED' },
      { sku: 'C', name: 'Lamp', description: 'A blue light.', priceMinor: 200 },
    ];
    for (const row of rows) await other.post('/products', { ...MUG, ...row });
    const skus = async (query: string) =>
      (await other.column(`/products?sortBy=sku&sortOrder=asc${query}`, 'sku')).join('');
    expect(await skus('')).toBe('ABC');
    expect(await skus('&category=Kitchen')).toBe('AB');
    expect(await skus('&status=ARCHIVED')).toBe('B');
    expect(await skus('&inStock=true')).toBe('AC');
    expect(await skus('&inStock=false')).toBe('B');
    expect(await skus('&sku=C')).toBe('C');
    expect(await skus('&q=blue')).toBe('AC');
    expect(await other.column('/products?sortBy=priceMinor', 'sku')).toEqual(['A', 'C', 'B']);
    expect(await other.column('/products?sortBy=stock&sortOrder=asc', 'sku')).toEqual(['B', 'A', 'C']);
  });
});

describe('the import of a feed', () => {
  const imported = async (store: StoreCalls, format: string, content: string): Promise<Body> => {
    const { id } = await store.post('/jobs', { type: 'products.import', input: { format, content } }, 202);
    return store.get(`/jobs/${id}?wait=30`);
  };
  const faultsOf = async (store: StoreCalls, { id }: Body): Promise<readonly Body[]> =>
    (await store.get(`/jobs/${id}/errors?limit=100`)).data;

  it('makes what is new, changes what is known, and reports each bad row', async () => {
    const store = await StoreCalls.inNewStore(app);
    await store.post('/products', { ...MUG, sku: 'KNOWN', stock: 1 });
    await store.post('/products', { ...MUG, sku: 'SAME', stock: 1 });
    const job = await imported(
      store,
      'csv',
      [
        'sku,name,price,stock,link,tags,gtin',
        'NEW,"Mug, ""blue""",12.90 EUR,5,https://shop.example.com/1,a|b|a,4006381333931',
        'KNOWN,,,7,,,',
        'SAME,,,1,,,',
        'BAD-PRICE,Mug,"12,90 EUR",,,,',
        'NO-CURRENCY,Mug,12.90,,,,',
        ',Mug,1.00 EUR,,,,',
        'NEW,Again,1.00 EUR,,,,',
        'BAD-LINK,Mug,1.00 EUR,x,javascript:1,,',
        'SHORT,Mug',
        'YEN,Mug,1290 JPY,,,,',
        'YEN-2,Mug,1290.5 JPY,,,,',
      ].join('\r\n'),
    );
    expect(job).toMatchObject({
      status: 'succeeded',
      progress: { done: 11, total: 11 },
      errorCount: 8,
      result: { rows: 11, created: 2, updated: 1, unchanged: 1, refused: 7, ignoredColumns: ['gtin'] },
    });
    expect(await faultsOf(store, job)).toEqual([
      { row: 4, field: 'price', reason: 'must be an amount such as 12.90 or 12.90 EUR' },
      { row: 5, field: 'price', reason: 'needs a currency, as in 12.90 EUR' },
      { row: 6, field: 'sku', reason: 'is required' },
      { row: 7, field: 'sku', reason: 'is that of row 1 already' },
      { row: 8, field: 'stock', reason: 'must be a whole number from 0 to 2147483647' },
      { row: 8, field: 'link', reason: expect.stringContaining('must be an address') },
      { row: 9, field: '', reason: 'has another number of cells than there are columns' },
      { row: 11, field: 'price', reason: 'has more than the 0 decimals of JPY' },
    ]);
    const { data } = await store.get('/products?sortBy=sku&sortOrder=asc');
    expect(data).toMatchObject([
      { sku: 'KNOWN', name: 'Blue mug', stock: 7, priceMinor: 1_290 },
      { sku: 'NEW', name: 'Mug, "blue"', priceMinor: 1_290, stock: 5, tags: ['a', 'b'] },
      { sku: 'SAME', stock: 1 },
      { sku: 'YEN', priceMinor: 1_290, currency: 'JPY' },
    ]);
    expect(await store.changesOf('product', data[1]!)).toMatchObject([
      { action: 'insert', actor_type: 'key' },
    ]);
  });

  it('takes JSON with the fields as the API has them', async () => {
    const store = await StoreCalls.inNewStore(app);
    const rows = [{ ...WHOLE }, { ...MUG, stock: '4', tags: 'x' }, { ...MUG, sku: 'N', tags: [1] }];
    const job = await imported(store, 'json', JSON.stringify(rows));
    expect(job).toMatchObject({ status: 'succeeded', result: { created: 2, refused: 1 } });
    expect(await faultsOf(store, job)).toEqual([{ row: 3, field: 'tags[0]', reason: 'must be text' }]);
  });

  it.each([
    ['csv', 'sku,name\n"open', 'is no CSV'],
    ['csv', 'sku,name', 'has no rows'],
    ['csv', 'sku,sku\n1,2', 'has the column sku twice'],
    ['csv', 'sku,\n1,2', 'has no name'],
    ['json', '{', 'is no JSON'],
    ['json', '{"a":1}', 'must be a list'],
    ['json', '[1]', 'Item 1 of the feed is no object'],
    ['json', '[]', 'has no rows'],
  ])('of %s %p fails with a reason', async (format, content, reason) => {
    expect(await imported(api, format, content)).toMatchObject({
      status: 'failed',
      error: { code: 'FEED_UNREADABLE', message: expect.stringContaining(reason) },
    });
  });

  it('takes ten thousand rows, and says how far it is', async () => {
    const store = await StoreCalls.inNewStore(app);
    const lines = Array.from({ length: 10_000 }, (_, index) =>
      index % 100 === 99 ? `S-${index},,1.00 EUR` : `S-${index},Product ${index},${index}.00 EUR`,
    );
    const content = `sku,name,price\n${lines.join('\n')}\n`;
    const { id } = await store.post(
      '/jobs',
      { type: 'products.import', input: { format: 'csv', content } },
      202,
    );
    const seen = new Set<number>();
    let job: Body = await store.get(`/jobs/${id}`);
    while (job.finishedAt === null) {
      seen.add(job.progress.done);
      job = await store.get(`/jobs/${id}`);
    }
    expect(job).toMatchObject({
      status: 'succeeded',
      result: { created: 9_900, refused: 100 },
      errorCount: 100,
    });
    expect(seen.size).toBeGreaterThan(2);
    expect((await store.get('/products?limit=1')).pagination.totalCount).toBe(9_900);
  });
});
