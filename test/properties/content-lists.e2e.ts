import { afterAll, beforeAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { LISTS } from './lists-of-content.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

describe.each(LISTS)('$path, walked by cursor while items are added,', ({ path, orders, make, inSteps }) => {
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
          const add = async () => (await make(api, (no += 1))).id;
          while (there.size < count) there.add(await add());
          const order = `sortBy=${sortBy}&sortOrder=${sortOrder}&limit=${limit}`;
          const walked: Body[] = [];
          for (let cursor: string | null = ''; cursor !== null;) {
            const adding = Array.from({ length: Math.min(addedPerPage, 40 - no) }, add);
            const page: Body = await api.get(`${path}?${order}${cursor && `&cursor=${cursor}`}`);
            await Promise.all(adding);
            walked.push(...page.data);
            cursor = page.pagination.nextCursor;
          }
          const ids = walked.map(({ id }) => id).filter((id) => !inSteps || there.has(id));
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
