import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { call } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { documentOf, failureOf, gatehouse } from './gatehouse.js';

interface UsageDocument {
  readonly subject: { kind: string; id: string };
  readonly totals: { requests: number; charged: number };
  readonly series: { from: string }[];
  readonly keys: { data: { id: string; status: string; requests: number }[] };
  readonly key: { id: string; status: string };
}

let app: TestApp;
let key: TestKey;
let gone: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  key = await app.createKey({ plan: 'pro' });
  gone = await app.createKey({ storeId: key.storeId });
  for (const [page, { token }] of [key, key, gone].entries()) {
    const answer = await call(app.url, `/api/v1/campaigns?page=${page + 1}`, { token });
    expect(answer.status).toBe(200);
  }
  await app.sql('DELETE FROM keys WHERE id = $1', [fromPublicId('key', gone.id)]);
});
afterAll(() => app.close());

const run = (...args: string[]) => gatehouse(app.database, args);
const runJson = (...args: string[]) => documentOf<UsageDocument>(run(...args, '--json'));
const fails = (...args: string[]) => failureOf(run(...args, '--json'));

describe('gatehouse usage', () => {
  it('tells what an organization used, and by which keys', async () => {
    const used = await runJson('usage', '--organization', key.organizationId, '--granularity', 'hour');
    expect(used).toMatchObject({
      subject: { kind: 'organization', id: key.organizationId },
      totals: { requests: 3 },
    });
    expect(used.series).toHaveLength(7 * 24);
    expect(used.keys.data.map(({ id, status, requests }) => [id, status, requests])).toEqual([
      [key.id, 'active', 2],
      [gone.id, 'deleted', 1],
    ]);
    const { stdout } = await run('usage', '--store', key.storeId);
    expect(stdout).toMatch(/day +3 of 5000 +4997 +in [^]*STORE[^]*KEY[^]*deleted/);
  });

  it('says what it misses', async () => {
    expect(await fails('usage')).toMatchObject({ code: 'ORGANIZATION_REQUIRED' });
    expect(await fails('usage', '--store', 'sto_x')).toMatchObject({ code: 'INVALID_INPUT' });
    expect((await fails('usage', '--store', key.storeId, '--from', '2020-01-01')).message).toBe(
      '--from must be within the last 400 days: figures are not kept longer',
    );
  });
});

describe('gatehouse keys usage', () => {
  it('tells what a key used, a deleted one too', async () => {
    expect(await runJson('keys', 'usage', key.id)).toMatchObject({
      key: { id: key.id, status: 'active' },
      totals: { requests: 2 },
    });
    const { stdout } = await run('keys', 'usage', gone.id);
    expect(stdout).toMatch(/"Test key" \(key_\w+, deleted\)[^]*DAY +REQUESTS/);
    expect(await fails('keys', 'usage', 'key_x')).toMatchObject({ code: 'NOT_FOUND' });
  });
});
