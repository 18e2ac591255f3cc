import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RollupKeeper } from '../../src/analytics/index.js';
import { EVENT_KINDS, type EventKind } from '../../src/analytics/events/event-kinds.js';
import { rebuildDay, rollUp } from '../../src/analytics/rollups/roll.js';
import { Database } from '../../src/platform/database/index.js';
import { fromPublicId, newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface Sent {
  readonly id: string;
  readonly kind: EventKind;
  readonly name: string;
  readonly time: string;
  readonly channel: string | null;
  readonly campaignId: string | null;
  readonly valueMinor: number | null;
  readonly currency: string | null;
}

/** A year and a half ago, with days on which clocks change in every zone below. */
const BEGIN = Date.now() - 560 * 86_400_000;
const SPAN_MS = 540 * 86_400_000;
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
];

const CAMPAIGN = toPublicId('campaign', newUuid());

const moment = fc.oneof(
  fc.nat({ max: SPAN_MS }),
  // close together, so that edges of hours and days are met
  fc.integer({ min: 0, max: 6 * 96 }).map((quarter) => 200 * 86_400_000 + quarter * 900_000),
);
const event: fc.Arbitrary<Sent> = fc
  .record({
    id: fc.integer({ min: 1, max: 60 }).map(String),
    kind: fc.constantFrom(...EVENT_KINDS),
    name: fc.constant('anything'),
    time: moment.map((after) => new Date(BEGIN + after).toISOString()),
    channel: fc.constantFrom('email', 'social', null),
    campaignId: fc.constantFrom(CAMPAIGN, null),
    valueMinor: fc.integer({ min: 0, max: 10_000 }),
    currency: fc.constantFrom('EUR', 'JPY'),
  })
  .map((each) =>
    each.kind === 'conversion' || each.kind === 'spend'
      ? each
      : { ...each, valueMinor: null, currency: null },
  );
const step = fc.oneof(
  { weight: 4, arbitrary: fc.array(event, { minLength: 1, maxLength: 25 }) },
  { weight: 2, arbitrary: fc.constant('roll' as const) },
  { weight: 1, arbitrary: fc.constant('crash' as const) },
  { weight: 2, arbitrary: fc.nat({ max: 99 }).map((nth) => ({ rebuild: nth })) },
);
const question = fc.record({
  from: moment,
  // whole months are in some of them
  days: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 60, max: 400 })),
  wholeDays: fc.boolean(),
  timezone: fc.constantFrom(...ZONES),
  granularity: fc.constantFrom('hour', 'day', 'week', 'month', 'total'),
  ofCampaign: fc.boolean(),
});

describe('figures', () => {
  it('are what a plain count of the events says, whatever was rolled, rebuilt, late or sent twice', async () => {
    const keeper = app.app.get(RollupKeeper);
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.array(question, { minLength: 3, maxLength: 6 }),
        async (steps, questions) => {
          const store = await StoreCalls.inNewStore(app);
          const kept = new Map<string, Sent>();
          for (const each of steps) {
            if (Array.isArray(each)) {
              const { accepted } = await store.post('/analytics/events/batch', { events: each }, 200);
              const before = kept.size;
              for (const one of each) if (!kept.has(one.id)) kept.set(one.id, one);
              expect(accepted).toBe(kept.size - before);
            } else if (each === 'roll') await keeper.once();
            else if (each === 'crash') await rollThatDies(app);
            else await rebuild(app, store, nthDay([...kept.values()], each.rebuild));
          }
          for (const each of questions) await check(store, [...kept.values()], each);
        },
      ),
      { numRuns: 20, endOnFailure: true },
    );
  }, 120_000);
});

/** A round that does its work, and is cut off before it commits. */
async function rollThatDies(on: TestApp): Promise<void> {
  const actor = { type: 'system', id: 'test' } as const;
  await expect(
    on.app.get(Database).write({ actor }, async (tx) => {
      await rollUp(tx, 1_000);
      throw new Error('cut off');
    }),
  ).rejects.toThrow('cut off');
}

/** The day (UTC) of one of the events. */
function nthDay(events: readonly Sent[], nth: number): Date {
  const at = events[nth % events.length]?.time ?? new Date(BEGIN).toISOString();
  return new Date(`${at.slice(0, 10)}T00:00:00Z`);
}

async function rebuild(on: TestApp, store: StoreCalls, day: Date): Promise<void> {
  const actor = { type: 'system', id: 'test' } as const;
  const storeId = fromPublicId('store', store.key.storeId) ?? '';
  await on.app.get(Database).write({ actor }, (tx) => rebuildDay(tx, storeId, day));
}

interface Question {
  readonly from: number;
  readonly days: number;
  readonly wholeDays: boolean;
  readonly timezone: string;
  readonly granularity: string;
  /** Of one campaign alone; else of all, and of each channel. */
  readonly ofCampaign: boolean;
}

async function check(store: StoreCalls, events: readonly Sent[], asked: Question): Promise<void> {
  const { timezone, granularity, wholeDays, ofCampaign } = asked;
  const from = new Date(BEGIN + asked.from);
  const to = new Date(
    from.getTime() + (granularity === 'hour' ? Math.min(asked.days, 30) : asked.days) * 86_400_000 + 1,
  );
  const text = (at: Date) => (wholeDays ? dayIn(at, timezone) : at.toISOString());
  const answer = await store.get(
    `/analytics?${new URLSearchParams({
      ...{ from: text(from), to: text(to), timezone, granularity, currency: 'EUR' },
      ...(ofCampaign ? { campaignId: CAMPAIGN } : { groupBy: 'channel' }),
    }).toString()}`,
  );
  const asOf = events.filter(({ campaignId }) => !ofCampaign || campaignId === CAMPAIGN);
  const inside = asOf.filter(({ time }) =>
    wholeDays
      ? dayIn(new Date(time), timezone) >= text(from) && dayIn(new Date(time), timezone) <= text(to)
      : time >= from.toISOString() && time < to.toISOString(),
  );
  expect(answer['totals']).toEqual(plain(inside));
  const series = answer['series'] as (Body & { from: string; to: string })[];
  let counted = 0;
  for (const [index, { from: since, to: until, ...point }] of series.entries()) {
    expect(since).toBe(index === 0 ? answer['from'] : series[index - 1]?.to);
    const own = inside.filter(({ time }) => time >= since && time < until);
    counted += own.length;
    expect(point).toEqual(plain(own));
    for (const { time } of own) expect(labelOf(time, asked)).toBe(labelOf(since, asked));
  }
  expect(counted).toBe(inside.length);
  expect(new Set(series.map((each) => labelOf(each.from, asked))).size).toBe(series.length);
  if (ofCampaign) return;
  const groups = answer['groups'] as { value: string; metrics: object }[];
  expect(Object.fromEntries(groups.map(({ value, metrics }) => [value, metrics]))).toEqual(
    Object.fromEntries(
      ['email', 'social'].flatMap((channel) => {
        const own = inside.filter((each) => each.channel === channel);
        return own.length > 0 ? [[channel, plain(own)]] : [];
      }),
    ),
  );
}

function plain(events: readonly Sent[]): object {
  const count = (kind: EventKind) => events.filter((each) => each.kind === kind).length;
  const money = (kind: EventKind) =>
    events
      .filter((each) => each.kind === kind && each.currency === 'EUR')
      .reduce((sum, { valueMinor }) => sum + (valueMinor ?? 0), 0);
  const per = (a: number, b: number) => (b === 0 ? null : a / b);
  const [revenueMinor, spendMinor] = [money('conversion'), money('spend')];
  const [impressions, clicks, visits] = [count('impression'), count('click'), count('visit')];
  const conversions = count('conversion');
  return {
    ...{ impressions, clicks, visits, pageViews: count('page_view'), conversions, revenueMinor, spendMinor },
    ...{ ctr: per(clicks, impressions), cvr: per(conversions, clicks), visitCvr: per(conversions, visits) },
    ...{ cpaMinor: per(spendMinor, conversions), roas: per(revenueMinor, spendMinor) },
  };
}

function dayIn(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at);
}

/** What a moment's part is called by the clocks of the zone; hours by how many have gone since midnight. */
function labelOf(time: string, { timezone, granularity }: Question): string {
  const at = new Date(time);
  const day = dayIn(at, timezone);
  if (granularity === 'total') return '';
  if (granularity === 'month') return day.slice(0, 7);
  if (granularity === 'day') return day;
  if (granularity === 'week') {
    const date = new Date(`${day}T00:00:00Z`);
    return new Date(date.getTime() - ((date.getUTCDay() + 6) % 7) * 86_400_000).toISOString();
  }
  let hours = 0;
  while (dayIn(new Date(at.getTime() - (hours + 1) * 3_600_000), timezone) === day) hours += 1;
  return `${day} ${hours}`;
}
