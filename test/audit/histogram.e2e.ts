import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, codeOf, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { ensureDay, faultsOf, logRequest } from './log-rows.js';

interface Histogram {
  readonly from: string;
  readonly to: string;
  readonly bucketSeconds: number;
  readonly buckets: ({ readonly from: string; readonly requests: number } & Record<string, number>)[];
}

const DAY = Date.parse('2026-03-10T00:00:00.000Z');
const HOUR_MS = 3_600_000;

let app: TestApp;
let reader: TestKey;
let stranger: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  reader = await app.createKey({ role: 'compliance' });
  stranger = await app.createKey({ role: 'compliance' });
  for (const days of [0, 1, 2, 30]) await ensureDay(app, DAY - days * 24 * HOUR_MS);
  await logRequest(app, reader, DAY);
  await logRequest(app, reader, DAY + HOUR_MS - 1, { status: 404 });
  await logRequest(app, reader, DAY + HOUR_MS, { status: 500, occurrences: 5, path: '/api/v1/folded' });
  await logRequest(app, reader, DAY - 24 * HOUR_MS);
  await logRequest(app, stranger, DAY);
});
afterAll(() => app.close());

const ask = (query: string) =>
  call(app.url, `/api/v1/audit/requests/histogram?${query}`, { token: reader.token });
const histogram = async (query: string) => json<Histogram>(await ask(query));

describe('GET /audit/requests/histogram', () => {
  it('counts each bucket of the range by the class of the status, empty ones too', async () => {
    const found = await histogram('from=2026-03-10T00:00:00Z&to=2026-03-13T23:59:59.999Z');
    expect(found).toMatchObject({
      from: '2026-03-10T00:00:00.000Z',
      to: '2026-03-13T23:59:59.999Z',
      bucketSeconds: 3_600,
    });
    expect(found.buckets).toHaveLength(96);
    expect(found.buckets.slice(0, 3)).toEqual([
      { from: '2026-03-10T00:00:00.000Z', requests: 2, '1xx': 0, '2xx': 1, '3xx': 0, '4xx': 1, '5xx': 0 },
      { from: '2026-03-10T01:00:00.000Z', requests: 5, '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 5 },
      { from: '2026-03-10T02:00:00.000Z', requests: 0, '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 },
    ]);
  });

  it.each([
    ['from=2026-03-10T00:00:00Z&to=2026-03-10T02:59:59Z', 60, 180],
    ['from=2026-03-10T00:00:00Z&to=2026-03-10T11:59:59Z', 300, 144],
    ['from=2026-03-09&to=2026-03-10', 900, 192],
    ['from=2026-03-08&to=2026-03-10', 3_600, 72],
    ['from=2026-02-08&to=2026-03-10', 21_600, 124],
  ])('picks the bucket from the range: %s', async (query, seconds, buckets) => {
    const found = await histogram(query);
    expect([found.bucketSeconds, found.buckets.length]).toEqual([seconds, buckets]);
  });

  it('takes the search’s filters', async () => {
    const total = async (query: string) =>
      (await histogram(`from=2026-03-08&to=2026-03-10&${query}`)).buckets.reduce(
        (sum, { requests }) => sum + requests,
        0,
      );
    expect(await total('')).toBe(8);
    expect(await total('status=4xx')).toBe(1);
    expect(await total('q=FOLD')).toBe(5);
    expect(await total(`keyId=${stranger.id}`)).toBe(0);
  });

  it('is of the last day where no time is given', async () => {
    const { from, to, buckets } = await histogram('');
    expect(Date.parse(to) - Date.parse(from)).toBe(24 * HOUR_MS);
    expect(buckets.reduce((sum, { requests }) => sum + requests, 0)).toBeGreaterThan(0);
  });

  it('refuses what the search refuses, and pages', async () => {
    for (const [query, field] of [
      ['limit=1', 'limit'],
      ['ip=x', 'ip'],
      ['status=999', 'status'],
    ] as const) {
      const answer = await ask(query);
      expect([codeOf(answer), faultsOf(answer).map(([name]) => name)]).toEqual(['INVALID_INPUT', [field]]);
    }
  });
});
