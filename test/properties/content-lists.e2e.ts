import { afterAll, beforeAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** A list of content: where it is, what it can be ordered by, and the body of its nth item. */
interface ListUnderTest {
  readonly path: string;
  readonly orders: readonly string[];
  readonly body: (no: number) => object;
}

let made = 0;
const LISTS: readonly ListUnderTest[] = [
  {
    path: '/campaigns',
    orders: ['createdAt', 'updatedAt', 'name', 'startDate', 'endDate', 'status'],
    body: (no) => ({
      name: `n${no % 3}`,
      platform: 'email',
      status: no % 2 ? 'DRAFT' : 'ACTIVE',
      ...(no % 4 ? { startDate: `2026-01-0${1 + (no % 3)}T00:00:00Z` } : {}),
    }),
  },
  {
    path: '/products',
    orders: ['createdAt', 'updatedAt', 'name', 'sku', 'priceMinor', 'stock'],
    body: (no) => ({
      sku: `${(no * 7) % 100}-${no}`,
      name: `n${no % 3}`,
      priceMinor: no % 4,
      currency: 'EUR',
      stock: no % 3 ? no % 5 : null,
    }),
  },
  {
    path: '/posts',
    orders: ['createdAt', 'updatedAt', 'scheduledFor', 'publishedAt', 'status', 'title'],
    body: (no) => ({
      caption: 'Words.',
      platforms: ['feed'],
      title: `n${no % 3}`,
      ...(no % 3 ? { status: 'SCHEDULED', scheduledFor: `2099-01-0${1 + (no % 4)}T00:00:00Z` } : {}),
    }),
  },
  {
    path: '/audiences',
    orders: ['createdAt', 'updatedAt', 'name'],
    body: (no) => ({ name: `n${no % 3}` }),
  },
  {
    path: '/landing-pages',
    orders: ['createdAt', 'updatedAt', 'publishedAt', 'title', 'slug'],
    body: (no) => {
      made += 1;
      return { slug: `p${no % 3}-${made}`, title: `n${no % 3}`, blocks: [] };
    },
  },
];

describe.each(LISTS)('$path, walked by cursor while items are added,', ({ path, orders, body }) => {
  it('has each item that was there, once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...orders),
        fc.constantFrom('asc' as const, 'desc' as const),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 0, max: 3 }),
        async (sortBy, sortOrder, limit, count, addedPerPage) => {
          const api = await StoreCalls.inNewStore(app);
          const there = new Set<string>();
          let no = 0;
          const add = async () => (await api.post(path, body((no += 1)))).id;
          while (there.size < count) there.add(await add());
          const order = `sortBy=${sortBy}&sortOrder=${sortOrder}&limit=${limit}`;
          const walked: Body[] = [];
          for (let cursor: string | null = ''; cursor !== null;) {
            const page: Body = await api.get(`${path}?${order}${cursor && `&cursor=${cursor}`}`);
            walked.push(...page.data);
            cursor = page.pagination.nextCursor;
            for (let added = 0; added < addedPerPage && no < 40; added += 1) await add();
          }
          const ids = walked.map(({ id }) => id);
          if (new Set(ids).size !== ids.length) throw new Error('An item came twice.');
          const missing = [...there].filter((id) => !ids.includes(id));
          if (missing.length > 0) throw new Error(`Missing: ${missing.join(' ')}.`);
          assertOrdered(
            walked.map((item) => item[sortBy]),
            sortOrder,
          );
        },
      ),
      { numRuns: 12 },
    );
  });
});

/** Ascending or descending, what has no value last. */
function assertOrdered(values: readonly unknown[], order: 'asc' | 'desc'): void {
  for (const [index, value] of values.entries()) {
    const next = values[index + 1];
    if (index + 1 === values.length || next === null) continue;
    if (value === null) throw new Error('What has no value is not last.');
    const [low, high] = order === 'asc' ? [value, next] : [next, value];
    const inOrder =
      typeof low === 'string' && typeof high === 'string' ? low <= high : Number(low) <= Number(high);
    if (!inOrder) throw new Error(`${JSON.stringify([value, next])} are not in order.`);
  }
}
