import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Campaign, CampaignCalls, type Key, names } from './campaign-calls.js';

let app: TestApp;
let api: CampaignCalls;

beforeAll(async () => {
  app = await startTestApp();
  api = await CampaignCalls.withNewStore(app);
});

afterAll(() => app.close());

describe('the list', () => {
  let reader: Key;
  const ROWS = [
    { name: 'a', status: 'DRAFT', platform: 'email' },
    {
      name: 'b',
      status: 'ACTIVE',
      platform: 'email',
      startDate: '2026-01-01T00:00:00Z',
      endDate: '2026-01-31T00:00:00Z',
    },
    { name: 'c', status: 'ACTIVE', platform: 'tiktok', startDate: '2026-02-01T00:00:00Z' },
    {
      name: 'd',
      status: 'PAUSED',
      platform: 'tiktok',
      startDate: '2026-01-01T00:00:00Z',
      endDate: '2026-03-31T00:00:00Z',
    },
    { name: 'e', status: 'DRAFT', platform: 'email', endDate: '2025-12-31T12:00:00Z' },
  ];

  beforeAll(async () => {
    reader = await api.elsewhere();
    for (const row of ROWS) await api.create(row, reader);
  });

  it('shows the newest first, 20 a page', async () => {
    const page = await api.list('', reader);
    expect(names(page)).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect(page.pagination).toEqual({ page: 1, limit: 20, totalCount: 5, hasMore: false, nextCursor: null });
  });

  it('pages by number', async () => {
    const query = '?limit=2&sortBy=name&sortOrder=asc';
    const pages = [
      await api.list(query, reader),
      await api.list(`${query}&page=2`, reader),
      await api.list(`${query}&page=3`, reader),
    ];
    expect(pages.map(names)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(pages.map(({ pagination }) => pagination.hasMore)).toEqual([true, true, false]);
    for (const { pagination } of pages) expect(pagination.totalCount).toBe(5);
    const beyond = await api.list(`${query}&page=9`, reader);
    expect(beyond).toMatchObject({
      data: [],
      pagination: { page: 9, totalCount: 5, hasMore: false, nextCursor: null },
    });
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
    const page = await api.list(`${query}&sortBy=name&sortOrder=asc`, reader);
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
    expect(names(await api.list(`?${order}`, reader)).join('')).toBe(expected);
    for (const limit of [1, 2, 4]) {
      const walked: string[] = [];
      let page = await api.list(`?${order}&limit=${limit}`, reader);
      for (;;) {
        walked.push(...names(page));
        expect(page.pagination.hasMore).toBe(page.pagination.nextCursor !== null);
        if (page.pagination.nextCursor === null) break;
        page = await api.list(`?${order}&limit=${limit}&cursor=${page.pagination.nextCursor}`, reader);
        expect(page.pagination).toMatchObject({ page: null, totalCount: 5, limit });
      }
      expect(walked.join('')).toBe(expected);
    }
  });

  it('repeats nothing and loses nothing when campaigns come and go between the pages', async () => {
    const key = await api.elsewhere();
    const created: Campaign[] = [];
    for (let index = 0; index < 6; index += 1) created.push(await api.create({ name: `n${index}` }, key));
    const first = await api.list('?limit=2', key);
    await api.create({ name: 'newer' }, key);
    await api.call('delete', `/campaigns/${created[4]!.id}`, key).expect(204);
    const second = await api.list(`?limit=2&cursor=${first.pagination.nextCursor}`, key);
    const third = await api.list(`?limit=2&cursor=${second.pagination.nextCursor}`, key);
    expect([first, second, third].map(names)).toEqual([
      ['n5', 'n4'],
      ['n3', 'n2'],
      ['n1', 'n0'],
    ]);
    expect(third.pagination.nextCursor).toBeNull();
  });

  it('refuses a cursor that was changed, or that belongs to another filter, order or store', async () => {
    const { nextCursor } = (await api.list('?limit=1&status=ACTIVE', reader)).pagination;
    const changed = `A${nextCursor!.slice(1)}`;
    const tries: [string, Key][] = [
      [`?status=ACTIVE&cursor=${changed}`, reader],
      [`?status=DRAFT&cursor=${nextCursor}`, reader],
      [`?cursor=${nextCursor}`, reader],
      [`?status=ACTIVE&sortBy=name&cursor=${nextCursor}`, reader],
      [`?status=ACTIVE&sortOrder=asc&cursor=${nextCursor}`, reader],
      [`?status=ACTIVE&page=2&cursor=${nextCursor}`, reader],
      [`?status=ACTIVE&cursor=${nextCursor}`, api.key],
      ['?cursor=', reader],
      ['?cursor=a&cursor=b', reader],
    ];
    for (const [query, key] of tries) {
      const { body } = await api.call('get', `/campaigns${query}`, key).expect(400);
      expect(body.error).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'cursor' } });
    }
    expect(names(await api.list(`?limit=5&status=ACTIVE&cursor=${nextCursor}`, reader))).toEqual(['b']);
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
    const { body } = await api.call('get', `/campaigns${query}`, reader).expect(400);
    expect(body.error).toMatchObject({ code: 'INVALID_INPUT', details: { field, errors: [{ field }] } });
  });
});
