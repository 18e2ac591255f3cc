import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RollupKeeper } from '../../src/analytics/index.js';
import { demoEvents } from '../../src/analytics/demo/demo-events.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ environment: { GATEHOUSE_DEMO: 'true' } });
}, 60_000);
afterAll(() => app.close());

interface Month {
  readonly name: string;
  readonly months: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly visits: number;
  readonly conversions: number;
  readonly revenue: number;
  readonly spend: number;
}

const count = (kind: string) => `(count(*) FILTER (WHERE e.kind = '${kind}'))::integer`;
const money = (kind: string) => `coalesce(sum(value_minor) FILTER (WHERE e.kind = '${kind}'), 0)::float8`;

it('every demonstration store has twelve believable months', async () => {
  const stores = await app.sql<Month>(`
    SELECT stores.name, count(DISTINCT date_trunc('month', occurred_at AT TIME ZONE 'UTC'))::integer AS months,
      ${count('impression')} AS impressions, ${count('click')} AS clicks, ${count('visit')} AS visits,
      ${count('conversion')} AS conversions, ${money('conversion')} AS revenue, ${money('spend')} AS spend
    FROM analytics_events e JOIN stores ON stores.id = store_id GROUP BY stores.id, stores.name ORDER BY count(*) DESC`);
  expect(stores).toHaveLength(4);
  for (const { months, impressions, clicks, visits, conversions } of stores) {
    expect(months).toBeGreaterThanOrEqual(12);
    expect(clicks / impressions).toBeGreaterThan(0.01);
    expect(clicks / impressions).toBeLessThan(0.04);
    expect(conversions / visits).toBeGreaterThan(0.005);
    expect(conversions / visits).toBeLessThan(0.04);
  }
  expect(stores[0]?.name).toBe('Fjord & Pine Outdoor');
  expect(stores[0]?.visits).toBeGreaterThan(2_000);
  expect(stores[0]?.revenue).toBeGreaterThan(stores[0]?.spend ?? Infinity);
});

it('its sums are those of its events, and nothing waits, once they are made', async () => {
  while ((await app.app.get(RollupKeeper).once()) > 0);
  const [sums] = await app.sql<{ rolled: number; kept: number; waiting: number }>(`
    SELECT (SELECT sum(impression + click + visit + page_view + add_to_cart + checkout + sign_up + conversion + spend + custom)::integer FROM analytics_rollups WHERE grain = 'day' AND dimension = 'all') AS rolled,
      (SELECT count(*)::integer FROM analytics_events) AS kept,
      (SELECT count(*)::integer FROM analytics_unrolled) AS waiting`);
  expect(sums?.rolled).toBe(sums?.kept);
  expect(sums?.waiting).toBe(0);
});

it('the same seed on the same day makes the same', () => {
  const subjects = {
    campaigns: [],
    products: [{ sku: 'MUG-1', priceMinor: 1_290 }],
    ...{ posts: [], audiences: [], pages: [] },
  };
  const now = new Date('2026-06-01T10:00:00Z');
  const make = (seed: number) => demoEvents(subjects, { seed, visitsPerDay: 2, impressionsPerDay: 0 }, now);
  expect(make(1)).toEqual(make(1));
  expect(make(1)).not.toEqual(make(2));
  expect(make(1).every(({ at }) => at < now)).toBe(true);
});
