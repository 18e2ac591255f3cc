import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RollupKeeper } from '../../src/analytics/index.js';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let store: StoreCalls;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  store = await StoreCalls.inNewStore(app);
});
afterAll(() => app.close());

const send = (...events: object[]): Promise<Body> => store.post('/analytics/events/batch', { events }, 200);
const rollUp = () => app.app.get(RollupKeeper).once();
/** A moment of this month’s first days, whenever the test runs. */
const day = (date: number, time = '12:00:00.000Z') => {
  const now = new Date();
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, date))
    .toISOString()
    .slice(0, 10);
  return { on: month, at: `${month}T${time}` };
};
const sale = (fields: object) => ({ kind: 'conversion', valueMinor: 1_000, currency: 'EUR', ...fields });
const MONTH = `from=${day(1).on}&to=${day(28).on}`;

describe('an event', () => {
  it('is kept once under its id, also when it comes again with more beside it', async () => {
    const event = sale({ id: 'order-1', time: day(3).at });
    expect(await store.post('/analytics/events', event, 200)).toEqual({ id: 'order-1', duplicate: false });
    expect(await store.post('/analytics/events', { ...event, time: day(4).at }, 200)).toEqual({
      id: 'order-1',
      duplicate: true,
    });
    const twice = sale({ id: 'order-2', time: day(3).at });
    expect(await send(event, twice, twice, sale({ time: day(3).at }))).toMatchObject({
      ...{ accepted: 2, duplicates: 2, refused: 0, errors: [] },
    });
    const { totals } = await store.get(`/analytics?${MONTH}`);
    expect(totals).toMatchObject({ conversions: 3, revenueMinor: 3_000 });
  });

  it('without an id gets one, and one without a time happened now', async () => {
    const { id } = await store.post('/analytics/events', { kind: 'visit', visitor: 'v-1' }, 200);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await store.get('/analytics')).toMatchObject({ totals: { visits: 1 } });
  });

  it.each([
    [{ kind: 'custom' }, 'name', 'is required for the kind custom'],
    [{ kind: 'spend' }, 'valueMinor', 'is required for the kind spend'],
    [{ kind: 'conversion', valueMinor: 1 }, 'currency', 'is required with valueMinor'],
    [{ kind: 'click', currency: 'EUR' }, 'valueMinor', 'is required with currency'],
    [{ kind: 'click', time: '2999-01-01T00:00:00Z' }, 'time', 'must not be in the future'],
    [{ kind: 'click', time: '2001-01-01T00:00:00Z' }, 'time', 'must be within the last 731 days'],
    [
      { kind: 'click', campaignId: 'cmp_x' },
      'campaignId',
      expect.stringContaining('must be the id of a campaign'),
    ],
    [{ kind: 'sale' }, 'kind', expect.stringContaining('must be one of impression')],
  ])('is refused where it is not whole: %j', async (event, field, reason) => {
    const { error } = await store.post('/analytics/events', event, 400);
    expect(error.details).toMatchObject({ field, reason });
    expect(await send({ kind: 'visit' }, event, 7 as unknown as object)).toMatchObject({
      ...{ accepted: 1, duplicates: 0, refused: 2 },
      errors: [
        { index: 1, field, reason },
        { index: 2, field: 'body', reason: 'must be a JSON object, not a number' },
      ],
    });
  });

  it('is sent by those who may, a thousand at a time', async () => {
    await (await store.as('read-only')).post('/analytics/events', { kind: 'visit' }, 403);
    const many = Array.from({ length: 1_001 }, () => ({ kind: 'visit' }));
    expect(await send(...many.slice(1))).toMatchObject({ accepted: 1_000 });
    await store.post('/analytics/events/batch', { events: many }, 400);
    await store.post('/analytics/events/batch', { events: [] }, 400);
  });
});

describe('the dashboard', () => {
  it('has every figure, and null where there is nothing to divide by', async () => {
    const time = day(5).at;
    await send(
      ...Array.from({ length: 8 }, () => ({ kind: 'impression', time })),
      ...Array.from({ length: 4 }, () => ({ kind: 'click', time })),
      ...Array.from({ length: 2 }, () => ({ kind: 'visit', time })),
      ...[
        { kind: 'page_view', time },
        sale({ time }),
        { kind: 'spend', valueMinor: 400, currency: 'EUR', time },
      ],
    );
    const whole = {
      ...{
        impressions: 8,
        clicks: 4,
        visits: 2,
        pageViews: 1,
        conversions: 1,
        revenueMinor: 1_000,
        spendMinor: 400,
      },
      ...{ ctr: 0.5, cvr: 0.25, visitCvr: 0.5, cpaMinor: 400, roas: 2.5 },
    };
    const check = async () => {
      const dashboard = await store.get(`/analytics?${MONTH}&granularity=day`);
      expect(dashboard).toMatchObject({
        totals: whole,
        currency: 'EUR',
        currencies: ['EUR'],
        previous: null,
        groups: null,
      });
      const series = dashboard['series'] as Body[];
      expect(series).toHaveLength(28);
      expect(series[4]).toEqual({
        from: `${day(5).on}T00:00:00.000Z`,
        to: `${day(6).on}T00:00:00.000Z`,
        ...whole,
      });
      expect(series[5]).toMatchObject({
        impressions: 0,
        ctr: null,
        cvr: null,
        visitCvr: null,
        cpaMinor: null,
        roas: null,
      });
    };
    await check();
    expect(await rollUp()).toBeGreaterThanOrEqual(17);
    await check();
  });

  it('tells money in one currency, and names the others', async () => {
    await send(
      sale({ time: day(2).at }),
      sale({ time: day(2).at, currency: 'JPY' }),
      sale({ time: day(3).at, currency: 'JPY' }),
    );
    expect(await store.get(`/analytics?${MONTH}`)).toMatchObject({
      ...{ currency: 'JPY', currencies: ['EUR', 'JPY'], totals: { conversions: 3, revenueMinor: 2_000 } },
    });
    expect(await store.get(`/analytics?${MONTH}&currency=EUR`)).toMatchObject({
      totals: { revenueMinor: 1_000 },
    });
    expect(await (await StoreCalls.inNewStore(app)).get(`/analytics?${MONTH}`)).toMatchObject({
      currency: null,
    });
  });

  it('looks back as many days', async () => {
    await send(
      { kind: 'visit', time: day(10).at },
      { kind: 'visit', time: day(8).at },
      { kind: 'visit', time: day(7).at },
    );
    const { previous, totals } = await store.get(
      `/analytics?from=${day(10).on}&to=${day(11).on}&compareTo=previous`,
    );
    expect(totals).toMatchObject({ visits: 1 });
    expect(previous).toMatchObject({
      ...{ from: `${day(8).on}T00:00:00.000Z`, to: `${day(10).on}T00:00:00.000Z`, totals: { visits: 1 } },
      series: [{ visits: 1 }, { visits: 0 }],
    });
  });

  it('is of one campaign, or of each, by its name', async () => {
    const spring = (await store.post('/campaigns', { name: 'Spring', platform: 'email' })).id;
    const autumn = (await store.post('/campaigns', { name: 'Autumn', platform: 'email' })).id;
    const time = day(9).at;
    await send(
      ...[
        { kind: 'click', campaignId: spring, time },
        { kind: 'click', campaignId: spring, time },
        { kind: 'click', time },
      ],
      sale({ campaignId: autumn, time }),
    );
    for (const _ of [1, 2]) {
      expect(await store.get(`/analytics?${MONTH}&campaignId=${spring}`)).toMatchObject({
        totals: { clicks: 2 },
      });
      const { data } = await store.get(`/analytics/campaigns?${MONTH}&compareTo=previous`);
      expect(data).toMatchObject([
        { value: spring, name: 'Spring', metrics: { clicks: 2 }, previous: { clicks: 0 } },
        { value: autumn, name: 'Autumn', metrics: { conversions: 1, revenueMinor: 1_000 } },
      ]);
      const sorted = await store.get(`/analytics?${MONTH}&groupBy=campaign&sortBy=revenueMinor&limit=1`);
      expect(sorted['groups']).toMatchObject([{ value: autumn, previous: null }]);
      await rollUp();
    }
    const { error } = await store.get(`/analytics?groupBy=channel&campaignId=${spring}`, 400);
    expect(error.details).toMatchObject({ field: 'groupBy' });
  });

  it('compares audiences and posts, and tells where visitors come from', async () => {
    const { id: postId } = await store.post('/posts', { caption: 'Look.', platforms: ['feed'] });
    const time = day(9).at;
    await send(
      { kind: 'click', postId, time },
      { kind: 'visit', channel: 'email', source: 'letter-1', page: '/p/spring', time },
      { kind: 'visit', channel: 'social', page: '/p/spring', time },
      { kind: 'page_view', channel: 'social', page: '/p/spring', time },
    );
    expect((await store.get(`/analytics/posts?${MONTH}`)).data).toMatchObject([
      { value: postId, name: 'Look.' },
    ]);
    expect((await store.get(`/analytics/audiences?${MONTH}`)).data).toEqual([]);
    expect(await store.get(`/analytics/traffic?${MONTH}`)).toMatchObject({
      channels: [{ value: 'social', metrics: { visits: 1, pageViews: 1 } }, { value: 'email' }],
      sources: [{ value: 'letter-1' }],
      pages: [{ value: '/p/spring', metrics: { visits: 2 } }],
    });
  });

  it.each([
    ['timezone=Nowhere/Land', 'timezone'],
    ['from=yesterday', 'from'],
    ['to=2026-13-01', 'to'],
    ['from=2026-03-02&to=2026-03-01', 'to'],
    ['from=2020-01-01&to=2026-01-01', 'from'],
    ['from=2026-01-01&to=2026-03-31&granularity=hour', 'granularity'],
    ['currency=eur', 'currency'],
    ['limit=101', 'limit'],
    ['colour=red', 'colour'],
  ])('says what is wrong with %s', async (query, field) => {
    const { error } = await store.get(`/analytics?${query}`, 400);
    expect(error.details).toMatchObject({ field });
  });

  it('shows nothing of another store, and is for those who may read it', async () => {
    await send({ kind: 'visit', time: day(3).at });
    const other = await StoreCalls.inNewStore(app);
    expect(await other.get(`/analytics?${MONTH}`)).toMatchObject({ totals: { visits: 0 } });
    expect(await (await store.as('read-only')).get(`/analytics?${MONTH}`)).toMatchObject({
      totals: { visits: 1 },
    });
  });
});
