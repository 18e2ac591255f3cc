import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requestsAlone } from '../../src/audit/search/request-conditions.js';
import { OUTCOMES, type RequestFilter } from '../../src/audit/search/request-filter.js';
import { REQUEST_COLUMNS, type RequestRow } from '../../src/audit/search/request-row.js';
import { requestMatcher } from '../../src/audit/tail/request-matcher.js';
import { call } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { allOf, ensureDay, logRequest, uuidAt, uuidOf } from './log-rows.js';

const NOON = Date.parse('2026-03-10T12:00:00.000Z');

let app: TestApp;
let reader: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  reader = await app.createKey({ role: 'compliance' });
  for (const day of [0, 1, 2]) await ensureDay(app, NOON + day * 86_400_000);
});
afterAll(() => app.close());

const STATUSES = [200, 201, 301, 400, 404, 429, 500, 503];
const ADDRESSES = ['10.0.0.1', '10.0.1.1', '192.0.2.7', '2001:db8::1', '2001:db8:1::1', '0.0.0.0'];
const RANGES = [
  ...ADDRESSES,
  '10.0.0.0/16',
  '10.0.0.9/24',
  '0.0.0.0/0',
  '::/0',
  '2001:db8::/33',
  '2001:db8::/48',
];
const PATHS = ['/api/v1/campaigns', '/api/v1/campaigns/CMP_1', '/API/x%20y', '/nothing_'];
const ROUTES = ['/api/v1/campaigns', '/api/v1/campaigns/:id'];
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

describe('a search and a follower', () => {
  it('take the same rows by the same filter', async () => {
    const { organizationId } = reader;
    await fc.assert(
      fc.asyncProperty(
        fc.record({ row: fc.nat(), status: maybe(fc.constantFrom(...STATUSES)) }),
        fc.record({
          method: maybe(fc.constantFrom('GET' as const, 'POST' as const)),
          route: maybe(fc.constantFrom(...ROUTES)),
          status: maybe(fc.constantFrom('200', '404', '2xx', '4xx', '5xx', '3xx')),
          errorCode: maybe(fc.constantFrom('NOT_FOUND', 'QUOTA_EXCEEDED')),
          ip: maybe(fc.constantFrom(...RANGES)),
          q: maybe(fc.constantFrom('cmp', 'API', '%', '_', 'x')),
          outcome: maybe(fc.constantFrom(...OUTCOMES)),
        }),
        async ({ row, status }, filter: RequestFilter) => {
          const pick = <T>(values: readonly T[], salt: number) => values[(row >>> salt) % values.length];
          const completes = row % 5 === 0 ? uuidAt(NOON) : null;
          await logRequest(app, reader, NOON, {
            method: pick(['GET', 'POST'], 1),
            route: pick([...ROUTES, null], 2),
            status: status ?? 200,
            // nothing but a refusal has a code
            error_code: (status ?? 200) < 400 ? null : pick(['NOT_FOUND', 'QUOTA_EXCEEDED', null], 3),
            ip: pick(ADDRESSES, 4),
            path: pick(PATHS, 5),
            completes,
            outcome: completes ? 'completed' : pick(OUTCOMES, 6),
          });
          const scope = { organizationId: uuidOf('organization', organizationId) };
          const where = requestsAlone(filter, scope);
          const [rows, found] = await Promise.all([
            app.sql<RequestRow & Record<string, unknown>>(
              `SELECT ${REQUEST_COLUMNS} FROM request_log WHERE at = $1`,
              [new Date(NOON)],
            ),
            app.sql<{ request_id: string }>(
              `SELECT request_id FROM request_log WHERE ${where.sql} AND at = $${where.values.length + 1}`,
              [...where.values, new Date(NOON)],
            ),
          ]);
          const matching = rows.filter(requestMatcher(filter, scope)).map(({ request_id }) => request_id);
          expect(matching.sort()).toEqual(found.map(({ request_id }) => request_id).sort());
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a walk by cursor', () => {
  it.each(['desc', 'asc'])(
    '%s has every row of before once, whatever is written meanwhile',
    async (order) => {
      const key = await app.createKey({ storeId: reader.storeId });
      const before: string[] = [];
      const day = NOON + 86_400_000;
      for (let i = 0; i < 120; i++)
        before.push(await logRequest(app, key, day + Math.floor(i / 3) * 2_000_000));
      let walking = true;
      const write = async () => {
        for (let i = 0; walking && i < 300; i++) await logRequest(app, key, day + ((i * 7_919) % 80_000_000));
      };
      const walk = allOf(
        app,
        reader.token,
        `/audit/requests?keyId=${key.id}&from=2026-03-11&to=2026-03-12&limit=7&sortOrder=${order}`,
      ).finally(() => (walking = false));
      const [found] = await Promise.all([walk, write()]);
      const ids = found.map(({ requestId }) => requestId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(before));
      const sorted = [...ids].sort();
      expect(ids).toEqual(order === 'asc' ? sorted : sorted.reverse());
    },
  );
});

describe('a suspended organization', () => {
  it('does not read its logs', async () => {
    const key = await app.createKey({ role: 'compliance' });
    await app.sql(`UPDATE organizations SET status = 'suspended' WHERE id = $1`, [
      uuidOf('organization', key.organizationId),
    ]);
    for (const path of ['requests', 'requests/histogram', 'requests/tail', 'changes', 'views']) {
      const answer = await call(app.url, `/api/v1/audit/${path}`, { token: key.token });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });
});
