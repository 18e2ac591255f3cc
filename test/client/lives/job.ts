import { expect } from '@jest/globals';
import {
  createJob,
  getJob,
  listJobErrors,
  listJobTypes,
  listProducts,
  type Product,
} from '../../../.test-build/client/index.js';
import { type Access, clientFor, dataOf } from './life.js';

const ROWS = 25;

/** A feed is imported in the background, waited for, and what came of it is walked by cursor. */
export async function live(access: Access): Promise<void> {
  const client = clientFor(access);
  expect(dataOf(await listJobTypes({ client })).data.map(({ type }) => type)).toContain('products.import');

  const rows = Array.from({ length: ROWS }, (_, no) => `SKU-${no},Product ${no},${no}.50 EUR`);
  const content = ['sku,name,price', ...rows, 'NAMELESS,,1.00 EUR', ''].join('\n');
  const ordered = await createJob({
    client,
    body: { type: 'products.import', input: { format: 'csv', content } },
  });
  expect(ordered.response?.status).toBe(202);
  const job = dataOf(await getJob({ client, path: { id: dataOf(ordered).id }, query: { wait: 30 } }));
  expect(job).toMatchObject({
    status: 'succeeded',
    progress: { done: ROWS + 1, total: ROWS + 1 },
    result: { created: ROWS, refused: 1 },
    errorCount: 1,
  });
  const faults = dataOf(await listJobErrors({ client, path: { id: job.id } }));
  expect(faults.data).toMatchObject([{ row: ROWS + 1, field: 'name' }]);

  const walked: Product[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = dataOf(
      await listProducts({ client, query: { limit: 10, sortBy: 'priceMinor', sortOrder: 'asc', cursor } }),
    );
    expect(page.pagination.hasMore).toBe(page.pagination.nextCursor !== null);
    walked.push(...page.data);
    cursor = page.pagination.nextCursor;
  }
  expect(walked.map(({ priceMinor }) => priceMinor)).toEqual(rows.map((_, no) => no * 100 + 50));
}
