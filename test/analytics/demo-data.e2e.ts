import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RollupKeeper } from '../../src/analytics/index.js';
import type { DemoEvent } from '../../src/analytics/demo/demo-event.js';
import { demoEvents } from '../../src/analytics/demo/demo-events.js';
import { toPublicId } from '../../src/platform/ids/index.js';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const DAY_MS = 86_400_000;

interface Figures {
  readonly impressions: number;
  readonly visits: number;
  readonly conversions: number;
  readonly revenueMinor: number;
  readonly spendMinor: number;
  readonly ctr: number;
  readonly visitCvr: number;
  readonly roas: number;
}

describe('a demonstration store', () => {
  const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
  const year = `from=${day(364)}&to=${day(0)}`;
  const stores = new Map<string, StoreCalls>();
  let app: TestApp;
  let outdoor: StoreCalls;
  beforeAll(async () => {
    app = await startTestApp({ environment: { GATEHOUSE_DEMO: 'true' } });
    const rows = await app.sql<{ id: string; name: string; kind: string }>(
      `SELECT id, name, kind FROM stores WHERE EXISTS (SELECT FROM analytics_events e WHERE e.store_id = stores.id)`,
    );
    for (const { id, name, kind } of rows) {
      const storeId = toPublicId('store', id);
      const key = await app.createKey({ storeId });
      stores.set(`${name}, ${kind}`, new StoreCalls(app, key));
    }
    outdoor = stores.get('Fjord & Pine Outdoor, live') as StoreCalls;
  }, 60_000);
  afterAll(() => app.close());

  it('has twelve months in which something happened, and ratios that a shop has', async () => {
    expect(stores.size).toBe(4);
    for (const [name, store] of stores) {
      const { totals, series, currency } = (await store.get(
        `/analytics?${year}&granularity=month`,
      )) as unknown as { totals: Figures; series: Figures[]; currency: string };
      expect([name, currency]).toEqual([name, 'EUR']);
      expect(series.length).toBeGreaterThanOrEqual(12);
      for (const { impressions, visits } of series.slice(1, -1)) {
        expect(visits).toBeGreaterThan(0);
        if (name.startsWith('Fjord & Pine Outdoor, live')) expect(impressions).toBeGreaterThan(500);
      }
      expect(totals.ctr).toBeGreaterThan(0.015);
      expect(totals.ctr).toBeLessThan(0.035);
      expect(totals.visitCvr).toBeGreaterThan(0.01);
      expect(totals.visitCvr).toBeLessThan(0.04);
      // what is spent is spent on adverts alone, what comes in comes from all
      expect(totals.roas).toBeGreaterThan(3);
      expect(totals.roas).toBeLessThan(40);
    }
  });

  it.each(['campaigns', 'audiences', 'posts'])('has %s to be compared, by their names', async (what) => {
    const { data } = await outdoor.get(`/analytics/${what}?${year}`);
    expect(data.length).toBeGreaterThan(2);
    expect(data.every(({ name }) => typeof name === 'string')).toBe(true);
  });

  it('has channels, sources and pages, a funnel that narrows, and credit that adds up', async () => {
    const traffic = await outdoor.get(`/analytics/traffic?${year}`);
    for (const part of ['channels', 'sources', 'pages']) {
      expect((traffic[part] as object[]).length).toBeGreaterThan(4);
    }
    const funnel = 'step=visit&step=add_to_cart&step=checkout&step=conversion';
    const steps = (await outdoor.get(`/analytics/funnels?${year}&${funnel}`))['steps'] as {
      visitors: number;
    }[];
    const reached = steps.map(({ visitors }) => visitors);
    expect(reached).toEqual([...new Set(reached)].sort((a, b) => b - a));
    expect(reached[3]).toBeGreaterThan(20);
    const credit = (await outdoor.get(`/analytics/attribution?${year}`)) as unknown as {
      total: { conversions: number };
      unattributed: { conversions: number };
      data: { credit: Record<string, { conversions: number }> }[];
    };
    for (const model of ['first', 'last', 'linear', 'timeDecay', 'position']) {
      const given = credit.data.reduce((sum, each) => sum + (each.credit[model]?.conversions ?? 0), 0);
      expect(given + credit.unattributed.conversions).toBeCloseTo(credit.total.conversions, 6);
    }
  });

  it('has no adverts of campaigns before they begin, after they end, or once they are paused', async () => {
    const outside = await app.sql<Body>(
      `SELECT c.name, e.occurred_at FROM analytics_events e JOIN campaigns c ON c.id = e.campaign_id
       WHERE e.kind IN ('impression', 'spend') AND (e.occurred_at < c.start_date
         OR e.occurred_at >= c.end_date + interval '1 day' OR c.status IN ('DRAFT', 'SCHEDULED')
         OR c.status = 'PAUSED' AND e.occurred_at >= c.updated_at + interval '1 day')`,
    );
    expect(outside).toEqual([]);
    const [paused] = await app.sql<{ seen: number }>(
      `SELECT count(*)::integer AS seen FROM analytics_events e JOIN campaigns c ON c.id = e.campaign_id
       WHERE c.status = 'PAUSED' AND e.kind = 'impression'`,
    );
    expect(paused?.seen).toBeGreaterThan(0);
  });

  it('has sums of all its events, and nothing waits, once they are made', async () => {
    const visits = async () => ((await outdoor.get(`/analytics?${year}`))['totals'] as Figures).visits;
    const before = await visits();
    while ((await app.app.get(RollupKeeper).once()) > 0);
    expect(await app.sql('SELECT 1 FROM analytics_unrolled LIMIT 1')).toEqual([]);
    expect(await visits()).toBe(before);
  });
});

describe('a year that is made up', () => {
  const now = new Date('2026-06-01T10:00:00Z');
  const at = (text: string) => new Date(`${text}T00:00:00Z`);
  const subjects = {
    campaigns: [
      { id: 'long', platform: 'instagram', startDate: at('2025-07-01'), endDate: null },
      { id: 'short', platform: 'email', startDate: at('2025-09-01'), endDate: at('2025-10-01') },
    ] as const,
    products: [{ sku: 'MUG-1', priceMinor: 1_290 }],
    ...{ posts: [], audiences: [], pages: [] },
  };
  const make = (seed: number) =>
    demoEvents(subjects, { seed, visitsPerDay: 40, impressionsPerDay: 100 }, now);
  const events = make(1);
  const of = (kind: string) => events.filter((event) => event.kind === kind);
  /** How many events on a day of those that are chosen. */
  const perDay = (some: readonly DemoEvent[], chosen: (date: Date) => boolean): number => {
    const ours = some.filter((event) => chosen(event.at));
    return ours.length / new Set(ours.map((event) => event.at.toISOString().slice(0, 10))).size;
  };
  const within = (from: string, to: string) => (date: Date) => date >= at(from) && date < at(to);

  it('is the same of the same seed, and up to now', () => {
    expect(make(1)).toEqual(events);
    expect(make(2)).not.toEqual(events);
    expect(events.every((event) => event.at < now)).toBe(true);
  });

  it('has a shop that grows, weeks, days and a sale', () => {
    const visits = of('visit');
    const grown =
      perDay(visits, within('2026-05-01', '2026-06-01')) / perDay(visits, within('2025-06-02', '2025-07-01'));
    expect(grown).toBeGreaterThan(1.5);
    expect(grown).toBeLessThan(2.7);
    const on = (weekday: number) => perDay(visits, (date) => date.getUTCDay() === weekday);
    expect(on(0) / on(5)).toBeGreaterThan(1.1);
    const hours = (from: number, to: number) =>
      visits.filter(({ at: time }) => time.getUTCHours() >= from && time.getUTCHours() < to).length;
    expect(hours(18, 21)).toBeGreaterThan(5 * hours(1, 4));
    const [sale, before] = [within('2025-11-23', '2025-11-30'), within('2025-11-02', '2025-11-23')];
    expect(perDay(visits, sale) / perDay(visits, before)).toBeGreaterThan(1.5);
    const bought = (when: typeof sale) => perDay(of('conversion'), when) / perDay(visits, when);
    expect(bought(sale) / bought(before)).toBeGreaterThan(1.1);
  });

  it('pays for what is seen of a campaign while it runs, and for no mail', () => {
    const seen = of('impression');
    expect(new Set(seen.map(({ campaignId }) => campaignId))).toEqual(new Set(['long', 'short']));
    for (const { campaignId, at: time } of [...seen, ...of('spend')]) {
      const { startDate, endDate } = subjects.campaigns.find(({ id }) => id === campaignId) ?? {};
      expect(startDate && time >= startDate).toBe(true);
      expect(!endDate || time < endDate).toBe(true);
    }
    expect(new Set(of('spend').map(({ campaignId }) => campaignId))).toEqual(new Set(['long']));
    const spent = of('spend').reduce((sum, { valueMinor = 0 }) => sum + valueMinor, 0);
    const thousands = seen.filter(({ campaignId }) => campaignId === 'long').length / 1_000;
    expect(spent / 100 / thousands).toBeGreaterThan(25);
    expect(spent / 100 / thousands).toBeLessThan(45);
  });
});
