import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A quiet day, some months ago. */
const BEGIN = Math.floor(Date.now() / DAY_MS - 120) * DAY_MS;
const at = (milliseconds: number) => new Date(BEGIN + milliseconds).toISOString();

type Credit = Record<string, { conversions: number; revenueMinor: number }>;

interface Happened {
  readonly visitor: string;
  readonly kind: string;
  readonly time: string;
  readonly channel?: string;
  readonly valueMinor?: number;
  readonly currency?: string;
}

async function attributed(events: readonly object[], query = ''): Promise<Body> {
  const store = await StoreCalls.inNewStore(app);
  await store.post('/analytics/events/batch', { events }, 200);
  return store.get(`/analytics/attribution?from=${at(0)}&to=${at(100 * DAY_MS)}&limit=100${query}`);
}

/** The share of conversions that each channel has by a model. */
function sharesOf({ data }: Body, model: string): Record<string, number> {
  const entries = data.map((each) => [each['value'], (each['credit'] as Credit)[model]?.conversions]);
  return Object.fromEntries(entries) as Record<string, number>;
}

const touch = (channel: string, time: number) => ({ visitor: 'a', kind: 'visit', channel, time: at(time) });
const sale = (time: number) => ({
  ...{ visitor: 'a', kind: 'conversion', valueMinor: 1_000, currency: 'EUR', time: at(time) },
});

describe('attribution', () => {
  it('shares the credit as the example in the help of Google Analytics does', async () => {
    // "About attribution models": a customer finds the site by an ad, comes back a week later from a social network, the
    // same day by an e-mail campaign, and a few hours later directly, and buys.
    const answer = await attributed([
      touch('paid search', 0),
      touch('social', 7 * DAY_MS),
      touch('email', 7 * DAY_MS + 4 * HOUR_MS),
      touch('direct', 7 * DAY_MS + 8 * HOUR_MS),
      sale(7 * DAY_MS + 8 * HOUR_MS),
    ]);
    expect(answer).toMatchObject({
      ...{
        total: { conversions: 1, revenueMinor: 1_000 },
        unattributed: { conversions: 0, revenueMinor: 0 },
      },
      currency: 'EUR',
    });
    expect(sharesOf(answer, 'last')).toEqual({ direct: 1, social: 0, email: 0, 'paid search': 0 });
    expect(sharesOf(answer, 'first')).toMatchObject({ 'paid search': 1, direct: 0 });
    expect(sharesOf(answer, 'linear')).toEqual({
      'paid search': 0.25,
      social: 0.25,
      email: 0.25,
      direct: 0.25,
    });
    expect(sharesOf(answer, 'position')).toEqual({
      'paid search': 0.4,
      social: 0.1,
      email: 0.1,
      direct: 0.4,
    });
    const decay = sharesOf(answer, 'timeDecay');
    // Most to what was within hours of the sale.
    expect(decay['direct']).toBeGreaterThan(decay['email'] ?? 1);
    expect(decay['email']).toBeGreaterThan(decay['social'] ?? 1);
    expect(decay['social']).toBeGreaterThan(1.9 * (decay['paid search'] ?? 1));
  });

  it('halves the credit for each week that a touch lies back', async () => {
    // The help of Google Ads: a click eight days before has half as much credit as one a day before.
    const answer = await attributed([touch('old', 0), touch('new', 7 * DAY_MS), sale(8 * DAY_MS)]);
    const { old, new: recent } = sharesOf(answer, 'timeDecay');
    expect(old).toBeCloseTo(1 / 3, 10);
    expect(recent).toBeCloseTo(2 / 3, 10);
    expect(sharesOf(answer, 'position')).toEqual({ old: 0.5, new: 0.5 });
  });

  it('takes a click and the visit that it leads to for one touch, and leaves out what is too long ago', async () => {
    const answer = await attributed(
      [
        touch('old', 0),
        { ...touch('ad', 20 * DAY_MS), kind: 'click' },
        touch('ad', 20 * DAY_MS + 1_000),
        touch('mail', 20 * DAY_MS + HOUR_MS),
        sale(21 * DAY_MS),
        { ...sale(21 * DAY_MS), visitor: 'b', currency: 'JPY' },
        { ...sale(21 * DAY_MS), visitor: undefined },
      ],
      '&lookbackDays=7&currency=EUR&sortBy=linear',
    );
    expect(sharesOf(answer, 'linear')).toEqual({ ad: 0.5, mail: 0.5 });
    expect(answer).toMatchObject({
      ...{
        total: { conversions: 3, revenueMinor: 2_000 },
        unattributed: { conversions: 2, revenueMinor: 1_000 },
      },
      data: [{ credit: { linear: { revenueMinor: 500 } } }, {}],
    });
  });

  it('goes to campaigns by their names', async () => {
    const store = await StoreCalls.inNewStore(app);
    const { id } = await store.post('/campaigns', { name: 'Spring', platform: 'email' });
    const events = [{ ...touch('x', 0), campaignId: id }, sale(HOUR_MS)];
    await store.post('/analytics/events/batch', { events }, 200);
    expect(
      (await store.get(`/analytics/attribution?from=${at(0)}&to=${at(DAY_MS)}&by=campaign`)).data,
    ).toMatchObject([{ value: id, name: 'Spring' }]);
  });

  it('gives away each conversion once, and what a plain count of the touches says', async () => {
    const event = fc.record({
      visitor: fc.constantFrom('a', 'b'),
      kind: fc.constantFrom('visit', 'click', 'conversion'),
      channel: fc.constantFrom('email', 'social', 'ads'),
      time: fc.integer({ min: 0, max: 200 }),
      valueMinor: fc.integer({ min: 0, max: 1_000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(event, { minLength: 1, maxLength: 25, selector: ({ time }) => time }),
        async (given) => {
          const events = given.map(({ valueMinor, kind, time, visitor, channel }): Happened => {
            const base = { visitor, kind, time: at((time * DAY_MS) / 10) };
            return kind === 'conversion' ? { ...base, valueMinor, currency: 'EUR' } : { ...base, channel };
          });
          const answer = await attributed(events, '&lookbackDays=5&currency=EUR');
          const wanted = plain(events, 5);
          for (const model of ['first', 'last', 'linear', 'timeDecay', 'position']) {
            let [conversions, money] = [0, 0];
            for (const each of answer.data) {
              const credit = (each['credit'] as Credit)[model];
              expect(credit?.conversions).toBeCloseTo(
                wanted.get(`${model}/${String(each['value'])}`) ?? 0,
                9,
              );
              conversions += credit?.conversions ?? 0;
              money += credit?.revenueMinor ?? 0;
            }
            const total = answer['total'] as Credit[string];
            const unattributed = answer['unattributed'] as Credit[string];
            expect(conversions + unattributed.conversions).toBeCloseTo(total.conversions, 9);
            expect(money + unattributed.revenueMinor).toBeCloseTo(total.revenueMinor, 6);
          }
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);
});

function plain(events: readonly Happened[], days: number): Map<string, number> {
  const credit = new Map<string, number>();
  for (const sold of events.filter(({ kind }) => kind === 'conversion')) {
    const end = Date.parse(sold.time);
    const path = events
      .filter(({ visitor, kind }) => visitor === sold.visitor && kind !== 'conversion')
      .filter(({ time }) => Date.parse(time) <= end && Date.parse(time) >= end - days * DAY_MS)
      .sort((a, b) => (a.time < b.time ? -1 : 1));
    const decays = path.map(({ time }) => 2 ** (-(end - Date.parse(time)) / (7 * DAY_MS)));
    const whole = decays.reduce((a, b) => a + b, 0);
    for (const [index, { channel }] of path.entries()) {
      const [isFirst, isLast] = [index === 0, index === path.length - 1];
      const position =
        path.length === 1 ? 1 : path.length === 2 ? 0.5 : isFirst || isLast ? 0.4 : 0.2 / (path.length - 2);
      const shares = {
        ...{ first: isFirst ? 1 : 0, last: isLast ? 1 : 0, linear: 1 / path.length, position },
        timeDecay: (decays[index] ?? 0) / whole,
      };
      for (const [model, share] of Object.entries(shares)) {
        const key = `${model}/${channel}`;
        credit.set(key, (credit.get(key) ?? 0) + share);
      }
    }
  }
  return credit;
}
