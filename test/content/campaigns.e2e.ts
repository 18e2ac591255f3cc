import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

type Key = Awaited<ReturnType<TestApp['createKey']>>;
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Campaign = Record<string, unknown> & { id: string; name: string };
interface Page {
  data: Campaign[];
  pagination: { page: number | null; limit: number; totalCount: number; hasMore: boolean; nextCursor: string | null };
}

const MINIMAL = { name: 'Spring sale', platform: 'instagram' };
const WHOLE = {
  name: 'Summer',
  description: 'Two\nlines.',
  status: 'SCHEDULED',
  platform: 'email',
  objective: 'sales',
  budgetCents: 1_000_000_000_000,
  currency: 'EUR',
  startDate: '2026-06-01T00:00:00.001Z',
  endDate: '2026-06-30T23:59:59.999Z',
  tags: ['sun', 'sea'],
};

let app: TestApp;
let writer: Key;

beforeAll(async () => {
  app = await startTestApp();
  writer = await app.createKey({ role: 'read-write', plan: 'hourly-enterprise' });
});

afterAll(() => app.close());

const call = (method: Method, path: string, key: Key = writer) =>
  app.request[method](`/api/v1${path}`).set('Authorization', `Bearer ${key.token}`);

async function create(fields: object = {}, key: Key = writer): Promise<Campaign> {
  const response = await call('post', '/campaigns', key).send({ ...MINIMAL, ...fields }).expect(201);
  return response.body as Campaign;
}

async function list(query: string, key: Key = writer): Promise<Page> {
  const response = await call('get', `/campaigns${query}`, key).expect(200);
  return response.body as Page;
}

const names = (page: Page) => page.data.map(({ name }) => name);

/** A key of a store with nothing in it. */
const elsewhere = () => app.createKey({ role: 'read-write', plan: 'hourly-enterprise' });

const changesOf = (campaign: Campaign) =>
  app.sql<Record<string, unknown>>(
    `SELECT action, actor_type, request_id, before, after FROM change_log
     WHERE entity = 'campaign' AND entity_id = $1 ORDER BY id`,
    [fromPublicId('campaign', campaign.id)],
  );

const eventsOf = (campaign: Campaign) =>
  app.sql<{ type: string; data: Campaign; store_id: string; organization_id: string; request_id: string }>(
    'SELECT * FROM events WHERE subject_id = $1 ORDER BY id',
    [campaign.id],
  );

describe('creating a campaign', () => {
  it('answers 201 with the campaign, its ETag and where it is', async () => {
    const response = await call('post', '/campaigns').send(WHOLE).expect(201);
    expect(response.body).toMatchObject({ ...WHOLE, storeId: writer.storeId });
    expect(response.body.id).toMatch(/^cmp_[0-9a-z]{26}$/);
    expect(response.body.createdAt).toBe(response.body.updatedAt);
    expect(response.headers.etag).toMatch(/^"[\w-]+"$/);
    expect(response.headers.location).toBe(`/api/v1/campaigns/${response.body.id}`);

    const found = await call('get', `/campaigns/${response.body.id}`).expect(200);
    expect(found.body).toEqual(response.body);
    expect(found.headers.etag).toBe(response.headers.etag);
  });

  it('fills in what is left out', async () => {
    expect(await create()).toMatchObject({
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
    const response = await call('post', '/campaigns').send(MINIMAL).expect(201);
    const campaign = response.body as Campaign;
    const [change, ...more] = await changesOf(campaign);
    expect(more).toEqual([]);
    expect(change).toMatchObject({ action: 'insert', actor_type: 'key', before: null, after: { name: campaign.name } });
    const [event] = await eventsOf(campaign);
    expect(event).toMatchObject({ type: 'campaign.created', request_id: change?.request_id, data: campaign });
  });

  it('replays the first answer to an Idempotency-Key, and creates nothing twice', async () => {
    const send = (body: object) => call('post', '/campaigns').set('Idempotency-Key', 'create-1').send(body);
    const first = await send(MINIMAL).expect(201);
    const second = await send(MINIMAL).expect(201);
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second.headers.etag).toBe(first.headers.etag);
    expect(second.headers.location).toBe(first.headers.location);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(await eventsOf(first.body as Campaign)).toHaveLength(1);

    const mismatch = await send({ ...MINIMAL, name: 'Another' }).expect(422);
    expect(mismatch.body.error.code).toBe('IDEMPOTENCY_MISMATCH');
  });
});

describe('both mounts', () => {
  it('show the same store', async () => {
    const created = await call('post', `/stores/${writer.storeId}/campaigns`).send(MINIMAL).expect(201);
    expect(created.headers.location).toBe(`/api/v1/stores/${writer.storeId}/campaigns/${created.body.id}`);
    const short = await call('get', `/campaigns/${created.body.id}`).expect(200);
    const long = await call('get', created.headers.location!.slice('/api/v1'.length)).expect(200);
    expect(long.body).toEqual(short.body);
    expect(await list('?limit=1')).toEqual((await call('get', `/stores/${writer.storeId}/campaigns?limit=1`)).body);
  });
});

describe("another store's campaign", () => {
  it('is not there: 404 for whatever is tried, and nothing changes', async () => {
    const campaign = await create();
    const stranger = await elsewhere();
    for (const prefix of ['', `/stores/${stranger.storeId}`, `/stores/${writer.storeId}`]) {
      const path = `${prefix}/campaigns/${campaign.id}`;
      for (const method of ['get', 'delete'] as const) await call(method, path, stranger).expect(404);
      await call('put', path, stranger).send(WHOLE).expect(404);
      await call('patch', path, stranger).send({ name: 'Mine' }).expect(404);
    }
    await call('get', `/stores/${writer.storeId}/campaigns`, stranger).expect(404);
    expect(names(await list('', stranger))).toEqual([]);
    expect((await call('get', `/campaigns/${campaign.id}`).expect(200)).body).toEqual(campaign);
  });

  it('is answered as an id that never was, and as one that is no id', async () => {
    const bodies = ['cmp_01h455vb4pex5vsknk084sn02q', 'cmp_x', writer.storeId].map(async (id) => {
      const { body } = await call('get', `/campaigns/${id}`).expect(404);
      return { ...body.error, requestId: undefined };
    });
    const [absent, ...malformed] = await Promise.all(bodies);
    expect(absent).toMatchObject({ code: 'NOT_FOUND' });
    for (const body of malformed) expect(body).toEqual(absent);
  });
});

describe('replacing and changing', () => {
  it('PUT puts a whole campaign in its place: what is left out becomes empty', async () => {
    const campaign = await create(WHOLE);
    const { body, headers } = await call('put', `/campaigns/${campaign.id}`).send(MINIMAL).expect(200);
    expect(body).toMatchObject({ ...MINIMAL, description: '', budgetCents: null, startDate: null, tags: [] });
    expect(body).toMatchObject({ id: campaign.id, createdAt: campaign.createdAt });
    expect((await call('get', `/campaigns/${campaign.id}`)).headers.etag).toBe(headers.etag);
  });

  it('PATCH changes the given fields; null clears', async () => {
    const campaign = await create(WHOLE);
    const { body } = await call('patch', `/campaigns/${campaign.id}`).send({ name: 'New', endDate: null }).expect(200);
    expect(body).toEqual({ ...campaign, name: 'New', endDate: null, updatedAt: body.updatedAt });
    const refused = await call('patch', `/campaigns/${campaign.id}`).send({ name: null }).expect(400);
    expect(refused.body.error.details).toMatchObject({ field: 'name', reason: 'must not be null' });
  });

  it('writes one change row and one event per change, with before and after', async () => {
    const campaign = await create();
    await call('patch', `/campaigns/${campaign.id}`).send({ name: 'Second' }).expect(200);
    await call('put', `/campaigns/${campaign.id}`).send({ ...MINIMAL, name: 'Third' }).expect(200);
    await call('delete', `/campaigns/${campaign.id}`).expect(204);
    expect(await changesOf(campaign)).toMatchObject([
      { action: 'insert', before: null },
      { action: 'update', before: { name: campaign.name }, after: { name: 'Second' } },
      { action: 'update', before: { name: 'Second' }, after: { name: 'Third' } },
      { action: 'delete', before: { name: 'Third' }, after: null },
    ]);
    const types = (await eventsOf(campaign)).map(({ type }) => type);
    expect(types).toEqual(['campaign.created', 'campaign.updated', 'campaign.updated', 'campaign.deleted']);
  });

  it('makes no new version of what is the same as before', async () => {
    const campaign = await create(WHOLE);
    for (const body of [{}, { name: WHOLE.name, tags: WHOLE.tags }]) {
      expect((await call('patch', `/campaigns/${campaign.id}`).send(body).expect(200)).body).toEqual(campaign);
    }
    expect((await call('put', `/campaigns/${campaign.id}`).send(WHOLE).expect(200)).body).toEqual(campaign);
    expect(await eventsOf(campaign)).toHaveLength(1);
  });

  it('refuses an end before the start, also when only one of them is sent', async () => {
    const fault = { field: 'endDate', reason: 'must not be before startDate' };
    const early = '2026-05-01T00:00:00Z';
    const created = await call('post', '/campaigns').send({ ...WHOLE, endDate: early }).expect(400);
    expect(created.body.error.details).toMatchObject(fault);
    const campaign = await create(WHOLE);
    const patched = await call('patch', `/campaigns/${campaign.id}`).send({ endDate: early }).expect(400);
    expect(patched.body.error.details).toMatchObject(fault);
    expect((await call('get', `/campaigns/${campaign.id}`)).body).toEqual(campaign);
  });

  it('deletes: 204 without a body, then 404', async () => {
    const campaign = await create();
    const gone = await call('delete', `/campaigns/${campaign.id}`).expect(204);
    expect(gone.text).toBe('');
    await call('get', `/campaigns/${campaign.id}`).expect(404);
    await call('delete', `/campaigns/${campaign.id}`).expect(404);
  });
});

describe('versions', () => {
  it('answers 304 without a body to a GET that has the current one', async () => {
    const campaign = await create();
    const { headers } = await call('get', `/campaigns/${campaign.id}`);
    const same = await call('get', `/campaigns/${campaign.id}`).set('If-None-Match', headers.etag!).expect(304);
    expect(same.text).toBe('');
    expect(same.headers.etag).toBe(headers.etag);
    await call('get', `/campaigns/${campaign.id}`).set('If-None-Match', `"x", W/${headers.etag}`).expect(304);
    await call('patch', `/campaigns/${campaign.id}`).send({ name: 'New' }).expect(200);
    await call('get', `/campaigns/${campaign.id}`).set('If-None-Match', headers.etag!).expect(200);
  });

  it('refuses with 412 a write that means another version, and changes nothing', async () => {
    const campaign = await create();
    const stale = (await call('get', `/campaigns/${campaign.id}`)).headers.etag!;
    const current = (await call('patch', `/campaigns/${campaign.id}`).send({ name: 'New' })).headers.etag!;
    for (const tag of [stale, `W/${current}`, current.slice(1, -1)]) {
      const refused = await call('patch', `/campaigns/${campaign.id}`).set('If-Match', tag).send({ name: 'X' }).expect(412);
      expect(refused.body.error).toMatchObject({ code: 'PRECONDITION_FAILED', details: { currentEtag: current } });
      await call('put', `/campaigns/${campaign.id}`).set('If-Match', tag).send(WHOLE).expect(412);
      await call('delete', `/campaigns/${campaign.id}`).set('If-Match', tag).expect(412);
    }
    expect((await call('get', `/campaigns/${campaign.id}`)).headers.etag).toBe(current);
    const next = await call('put', `/campaigns/${campaign.id}`).set('If-Match', current).send(WHOLE).expect(200);
    await call('delete', `/campaigns/${campaign.id}`).set('If-Match', `"x", ${next.headers.etag}`).expect(204);
  });

  it('lets one of two writes through that mean the same version', async () => {
    const campaign = await create();
    const tag = (await call('get', `/campaigns/${campaign.id}`)).headers.etag!;
    const answers = await Promise.all(
      ['A', 'B', 'C', 'D'].map((name) => call('patch', `/campaigns/${campaign.id}`).set('If-Match', tag).send({ name })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
  });
});

describe('the list', () => {
  let reader: Key;
  const ROWS = [
    { name: 'a', status: 'DRAFT', platform: 'email' },
    { name: 'b', status: 'ACTIVE', platform: 'email', startDate: '2026-01-01T00:00:00Z', endDate: '2026-01-31T00:00:00Z' },
    { name: 'c', status: 'ACTIVE', platform: 'tiktok', startDate: '2026-02-01T00:00:00Z' },
    { name: 'd', status: 'PAUSED', platform: 'tiktok', startDate: '2026-01-01T00:00:00Z', endDate: '2026-03-31T00:00:00Z' },
    { name: 'e', status: 'DRAFT', platform: 'email', endDate: '2025-12-31T12:00:00Z' },
  ];

  beforeAll(async () => {
    reader = await elsewhere();
    for (const row of ROWS) await create(row, reader);
  });

  it('shows the newest first, 20 a page', async () => {
    const page = await list('', reader);
    expect(names(page)).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect(page.pagination).toEqual({ page: 1, limit: 20, totalCount: 5, hasMore: false, nextCursor: null });
  });

  it('pages by number', async () => {
    const query = '?limit=2&sortBy=name&sortOrder=asc';
    const pages = [await list(query, reader), await list(`${query}&page=2`, reader), await list(`${query}&page=3`, reader)];
    expect(pages.map(names)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(pages.map(({ pagination }) => pagination.hasMore)).toEqual([true, true, false]);
    for (const { pagination } of pages) expect(pagination.totalCount).toBe(5);
    const beyond = await list(`${query}&page=9`, reader);
    expect(beyond).toMatchObject({ data: [], pagination: { page: 9, totalCount: 5, hasMore: false, nextCursor: null } });
  });

  it.each([
    ['?status=ACTIVE', 'bc'],
    ['?platform=email', 'abe'],
    ['?status=ACTIVE&platform=tiktok', 'c'],
    ['?startDate=2026-02-01T00:00:00Z', 'cd'],
    ['?endDate=2026-01-31T23:59:59.999Z', 'bde'],
    ['?startDate=2026-01-31&endDate=2026-01-31', 'bd'],
    ['?startDate=2026-01-31T00:00:00.001Z&endDate=2026-02-01T00:00:00Z', 'cd'],
    ['?startDate=2025-12-31&endDate=2025-12-31', 'e'],
    ['?status=ARCHIVED', ''],
  ])('filters by %s', async (query, expected) => {
    const page = await list(`${query}&sortBy=name&sortOrder=asc`, reader);
    expect(names(page).join('')).toBe(expected);
    expect(page.pagination.totalCount).toBe(expected.length);
  });

  it.each([
    ['sortBy=name&sortOrder=desc', 'edcba'],
    ['sortBy=createdAt&sortOrder=asc', 'abcde'],
    ['sortBy=updatedAt&sortOrder=desc', 'edcba'],
    ['sortBy=startDate&sortOrder=asc', 'bdcae'],
    ['sortBy=startDate&sortOrder=desc', 'cdbea'],
    ['sortBy=endDate&sortOrder=asc', 'ebdac'],
    ['sortBy=endDate&sortOrder=desc', 'dbeca'],
    ['sortBy=status&sortOrder=asc', 'bcaed'],
  ])('orders by %s, and walks the same way by cursor', async (order, expected) => {
    expect(names(await list(`?${order}`, reader)).join('')).toBe(expected);
    for (const limit of [1, 2, 4]) {
      const walked: string[] = [];
      let page = await list(`?${order}&limit=${limit}`, reader);
      for (;;) {
        walked.push(...names(page));
        expect(page.pagination.hasMore).toBe(page.pagination.nextCursor !== null);
        if (page.pagination.nextCursor === null) break;
        page = await list(`?${order}&limit=${limit}&cursor=${page.pagination.nextCursor}`, reader);
        expect(page.pagination).toMatchObject({ page: null, totalCount: 5, limit });
      }
      expect(walked.join('')).toBe(expected);
    }
  });

  it('repeats nothing and loses nothing when campaigns come and go between the pages', async () => {
    const key = await elsewhere();
    const created: Campaign[] = [];
    for (let index = 0; index < 6; index += 1) created.push(await create({ name: `n${index}` }, key));
    const first = await list('?limit=2', key);
    await create({ name: 'newer' }, key);
    await call('delete', `/campaigns/${created[4]!.id}`, key).expect(204);
    const second = await list(`?limit=2&cursor=${first.pagination.nextCursor}`, key);
    const third = await list(`?limit=2&cursor=${second.pagination.nextCursor}`, key);
    expect([first, second, third].map(names)).toEqual([['n5', 'n4'], ['n3', 'n2'], ['n1', 'n0']]);
    expect(third.pagination.nextCursor).toBeNull();
  });

  it('refuses a cursor that was changed, or that belongs to another filter, order or store', async () => {
    const { nextCursor } = (await list('?limit=1&status=ACTIVE', reader)).pagination;
    const changed = `A${nextCursor!.slice(1)}`;
    const tries: [string, Key][] = [
      [`?status=ACTIVE&cursor=${changed}`, reader],
      [`?status=DRAFT&cursor=${nextCursor}`, reader],
      [`?cursor=${nextCursor}`, reader],
      [`?status=ACTIVE&sortBy=name&cursor=${nextCursor}`, reader],
      [`?status=ACTIVE&sortOrder=asc&cursor=${nextCursor}`, reader],
      [`?status=ACTIVE&page=2&cursor=${nextCursor}`, reader],
      [`?status=ACTIVE&cursor=${nextCursor}`, writer],
      ['?cursor=', reader],
      ['?cursor=a&cursor=b', reader],
    ];
    for (const [query, key] of tries) {
      const { body } = await call('get', `/campaigns${query}`, key).expect(400);
      expect(body.error).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'cursor' } });
    }
    expect(names(await list(`?limit=5&status=ACTIVE&cursor=${nextCursor}`, reader))).toEqual(['b']);
  });

  it.each([
    ['?page=0', 'page'],
    ['?page=1e3', 'page'],
    ['?page=99999999', 'page'],
    ['?limit=101', 'limit'],
    ['?limit=', 'limit'],
    ['?limit=%201', 'limit'],
    ['?limit=1&limit=2', 'limit'],
    ['?sortBy=budgetCents', 'sortBy'],
    ['?sortOrder=DESC', 'sortOrder'],
    ['?status=active', 'status'],
    ['?status=%00', 'status'],
    ['?platform=myspace', 'platform'],
    ['?startDate=yesterday', 'startDate'],
    ['?startDate=2026-02-30', 'startDate'],
    ['?startDate=2026-02-02&endDate=2026-02-01', 'endDate'],
    ['?colour=red', 'colour'],
    ['?__proto__=1', '__proto__'],
    ['?status[]=DRAFT', 'status[]'],
  ])('refuses %s', async (query, field) => {
    const { body } = await call('get', `/campaigns${query}`, reader).expect(400);
    expect(body.error).toMatchObject({ code: 'INVALID_INPUT', details: { field, errors: [{ field }] } });
  });
});

describe('bad input', () => {
  it.each<[string, unknown, string]>([
    ['no name', { platform: 'email' }, 'name'],
    ['an empty name', { ...MINIMAL, name: '' }, 'name'],
    ['a long name', { ...MINIMAL, name: 'x'.repeat(201) }, 'name'],
    ['a number as name', { ...MINIMAL, name: 1 }, 'name'],
    ['NUL in the name', { ...MINIMAL, name: 'a\u0000b' }, 'name'],
    ['half a surrogate pair in the name', { ...MINIMAL, name: 'a\ud800' }, 'name'],
    ['half a surrogate pair in a tag', { ...MINIMAL, tags: ['a', '\udfff'] }, 'tags[1]'],
    ['a long description', { ...MINIMAL, description: 'x'.repeat(5_001) }, 'description'],
    ['an unknown status', { ...MINIMAL, status: 'draft' }, 'status'],
    ['an unknown platform', { ...MINIMAL, platform: 'fax' }, 'platform'],
    ['half a cent', { ...MINIMAL, budgetCents: 1.5 }, 'budgetCents'],
    ['a negative budget', { ...MINIMAL, budgetCents: -1 }, 'budgetCents'],
    ['a budget beyond all bounds', { ...MINIMAL, budgetCents: 1_000_000_000_001 }, 'budgetCents'],
    ['a budget as text', { ...MINIMAL, budgetCents: '100' }, 'budgetCents'],
    ['a currency in small letters', { ...MINIMAL, currency: 'eur' }, 'currency'],
    ['a date without its offset', { ...MINIMAL, startDate: '2026-01-01T00:00:00' }, 'startDate'],
    ['a day that does not exist', { ...MINIMAL, startDate: '2026-02-30T00:00:00Z' }, 'startDate'],
    ['a year beyond 9999', { ...MINIMAL, startDate: '9999-12-31T23:59:59-01:00' }, 'startDate'],
    ['tags as text', { ...MINIMAL, tags: 'a' }, 'tags'],
    ['a tag twice', { ...MINIMAL, tags: ['a', 'a'] }, 'tags[1]'],
    ['too many tags', { ...MINIMAL, tags: Array.from({ length: 21 }, (_, index) => `t${index}`) }, 'tags'],
    ['an unknown field', { ...MINIMAL, colour: 'red' }, 'colour'],
    ['a field that is not the caller’s', { ...MINIMAL, storeId: 'x' }, 'storeId'],
    ['a list', [MINIMAL], 'body'],
    ['an empty object', {}, 'name'],
  ])('refuses %s, in the one shape, and changes nothing', async (_, body, field) => {
    const before = (await list('?limit=1')).pagination.totalCount;
    const response = await call('post', '/campaigns').send(body as object).expect(400);
    expect(response.body).toEqual({
      error: {
        code: 'INVALID_INPUT',
        message: expect.any(String) as string,
        details: { field, reason: expect.any(String) as string, errors: expect.any(Array) as unknown[] },
        requestId: response.headers['x-request-id'],
      },
    });
    expect((await list('?limit=1')).pagination.totalCount).toBe(before);
  });

  it.each([
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"x"'],
    ['__proto__', '{"name":"a","platform":"email","__proto__":{"status":"ACTIVE"}}'],
    ['constructor', '{"name":"a","platform":"email","constructor":{"prototype":{}}}'],
    ['toString', '{"name":"a","platform":"email","toString":1}'],
    ['a thousand lists in each other', `{"name":${'['.repeat(1_000)}${']'.repeat(1_000)},"platform":"email"}`],
    ['no JSON', '{"name":'],
    ['no body', ''],
  ])('refuses %s as a body', async (_, text) => {
    const response = await call('post', '/campaigns').set('Content-Type', 'application/json').send(text).expect(400);
    expect(response.body.error).toMatchObject({ requestId: response.headers['x-request-id'] });
  });

  it('names every fault at once', async () => {
    const { body } = await call('post', '/campaigns').send({ name: 1, status: 'x', tags: [2], extra: true }).expect(400);
    const fields = (body.error.details.errors as { field: string }[]).map(({ field }) => field);
    expect(fields.sort()).toEqual(['extra', 'name', 'platform', 'status', 'tags[0]']);
  });

  it('takes what is at the edge', async () => {
    const edge = {
      name: '🌱'.repeat(200),
      description: 'x'.repeat(5_000),
      platform: 'email',
      budgetCents: 0,
      startDate: '0001-01-01T00:00:00.000Z',
      endDate: '9999-12-31T23:59:59.999Z',
      tags: Array.from({ length: 20 }, (_, index) => `${'t'.repeat(48)}${index}`.slice(-50)),
    };
    const campaign = await create(edge);
    expect(campaign).toMatchObject(edge);
    expect((await call('get', `/campaigns/${campaign.id}`)).body).toEqual(campaign);
  });

  it('refuses a query where none is taken', async () => {
    const campaign = await create();
    for (const method of ['get', 'delete'] as const) {
      const { body } = await call(method, `/campaigns/${campaign.id}?force=true`).expect(400);
      expect(body.error).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'force' } });
    }
    await call('get', `/campaigns/${campaign.id}`).expect(200);
  });
});

describe('levels', () => {
  it('lets a reader read, and nothing else', async () => {
    const campaign = await create();
    const reader = await app.createKey({ role: 'read-only', storeId: writer.storeId });
    await call('get', `/campaigns/${campaign.id}`, reader).expect(200);
    await call('get', '/campaigns', reader).expect(200);
    await call('post', '/campaigns', reader).send(MINIMAL).expect(403);
    await call('put', `/campaigns/${campaign.id}`, reader).send(WHOLE).expect(403);
    await call('patch', `/campaigns/${campaign.id}`, reader).send({ name: 'X' }).expect(403);
    const refused = await call('delete', `/campaigns/${campaign.id}`, reader).expect(403);
    expect(refused.body.error.code).toBe('PERMISSION_DENIED');
    expect((await call('get', `/campaigns/${campaign.id}`)).body).toEqual(campaign);
  });
});
