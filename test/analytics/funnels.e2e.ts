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
/** A quiet day, some weeks ago. */
const BEGIN = Math.floor(Date.now() / 86_400_000 - 40) * 86_400_000;
const at = (milliseconds: number) => new Date(BEGIN + milliseconds).toISOString();

interface Happened {
  readonly visitor: string;
  readonly kind: string;
  readonly time: string;
  readonly name?: string;
  readonly page?: string;
}

async function funnel(events: readonly Happened[], query: string): Promise<Body> {
  const store = await StoreCalls.inNewStore(app);
  if (events.length > 0) await store.post('/analytics/events/batch', { events }, 200);
  return store.get(`/analytics/funnels?from=${at(0)}&to=${at(30 * 86_400_000)}&${query}`);
}

const visitorsOf = ({ steps }: Body & { steps?: unknown }) =>
  (steps as { visitors: number }[]).map(({ visitors }) => visitors);

describe('a funnel', () => {
  it('goes as far as the example of windowFunnel in the manual of ClickHouse', async () => {
    // "Aggregate function windowFunnel", the example of a user who finds a phone, is shown it and orders: the four
    // events 1003, 1009, 1007 and 1010 of one user, at 2019-01-29 10:00, 01-30 08:00, 01-31 09:00 and 02-01 08:00. The
    // user comes as far as level 4.
    const user = (kind: string, days: number, hours: number) => ({
      ...{ visitor: '1', kind, time: at(days * 86_400_000 + hours * HOUR_MS) },
    });
    const events = [
      user('visit', 0, 10),
      user('add_to_cart', 2, 9),
      user('page_view', 1, 8),
      user('checkout', 3, 8),
    ];
    const steps = 'step=visit&step=page_view&step=add_to_cart&step=checkout';
    expect(visitorsOf(await funnel(events, `${steps}&windowHours=720`))).toEqual([1, 1, 1, 1]);
    // From the first to the last are 70 hours.
    expect(visitorsOf(await funnel(events, `${steps}&windowHours=70`))).toEqual([1, 1, 1, 1]);
    expect(visitorsOf(await funnel(events, `${steps}&windowHours=69`))).toEqual([1, 1, 1, 0]);
  });

  it('tells who is lost where, by visitors and not by events', async () => {
    const events = ['a', 'b', 'c', 'd'].flatMap((visitor, index) => [
      { visitor, kind: 'visit', time: at(0) },
      { visitor, kind: 'visit', time: at(HOUR_MS) },
      ...(index < 3 ? [{ visitor, kind: 'add_to_cart', time: at(2 * HOUR_MS) }] : []),
      ...(index < 1 ? [{ visitor, kind: 'conversion', time: at(3 * HOUR_MS) }] : []),
    ]);
    const { steps } = await funnel(events, 'step=visit&step=add_to_cart&step=conversion');
    expect(steps).toEqual([
      { step: 'visit', visitors: 4, rate: 1, overallRate: 1, dropOff: 0 },
      { step: 'add_to_cart', visitors: 3, rate: 0.75, overallRate: 0.75, dropOff: 1 },
      { step: 'conversion', visitors: 1, rate: 1 / 3, overallRate: 0.25, dropOff: 2 },
    ]);
    expect((await funnel([], 'step=visit&step=click'))['steps']).toMatchObject([
      { visitors: 0, rate: null, overallRate: null, dropOff: 0 },
      { visitors: 0, rate: null },
    ]);
  });

  it('may begin again: a later first step has more of the window left', async () => {
    const events = [0, 20].map((hours) => ({ visitor: 'a', kind: 'visit', time: at(hours * HOUR_MS) }));
    const bought = { visitor: 'a', kind: 'conversion', time: at(30 * HOUR_MS) };
    expect(
      visitorsOf(await funnel([...events, bought], 'step=visit&step=conversion&windowHours=12')),
    ).toEqual([1, 1]);
  });

  it('means events of a name and of a page, where it says so', async () => {
    const events = [
      { visitor: 'a', kind: 'page_view', page: '/p/spring', time: at(0) },
      { visitor: 'a', kind: 'custom', name: 'quiz done', page: '/p/spring', time: at(1) },
      { visitor: 'b', kind: 'page_view', page: '/p/autumn', time: at(0) },
      { visitor: 'b', kind: 'custom', name: 'quiz begun', time: at(1) },
    ];
    const steps = `step=${encodeURIComponent('page_view@/p/spring')}&step=${encodeURIComponent('custom:quiz done@/p/spring')}`;
    expect(visitorsOf(await funnel(events, steps))).toEqual([1, 1]);
    expect(visitorsOf(await funnel(events, 'step=page_view&step=custom'))).toEqual([2, 2]);
  });

  it.each([
    ['step=visit', 'step'],
    ['step=visit&step=sale', 'step[1]'],
    [`${'step=visit&'.repeat(9)}`, 'step'],
    ['step=visit&step=click&windowHours=0', 'windowHours'],
  ])('says what is wrong with %s', async (query, field) => {
    const store = await StoreCalls.inNewStore(app);
    const { error } = await store.get(`/analytics/funnels?${query}`, 400);
    expect(error.details).toMatchObject({ field });
  });

  it('counts whoever has any row of such events, by looking at all of them', async () => {
    const KINDS = ['visit', 'click', 'conversion', 'page_view'];
    const event = fc.record({
      visitor: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom(...KINDS),
      time: fc.integer({ min: 0, max: 40 }).map((half) => at((half * HOUR_MS) / 2)),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 25 }),
        fc.array(fc.constantFrom(...KINDS), { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 1, max: 12 }),
        async (events, steps, windowHours) => {
          const query = `${steps.map((step) => `step=${step}`).join('&')}&windowHours=${windowHours}`;
          expect(visitorsOf(await funnel(events, query))).toEqual(plain(events, steps, windowHours));
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});

/** By trying every row of events. */
function plain(events: readonly Happened[], steps: readonly string[], windowHours: number): number[] {
  const furthest = new Map<string, number>();
  const go = (own: readonly Happened[], used: readonly Happened[]): number => {
    const [first] = used;
    const last = used.at(-1);
    if (used.length === steps.length) return used.length;
    const next = own.filter(
      (each) =>
        each.kind === steps[used.length] &&
        !used.includes(each) &&
        (!last || each.time >= last.time) &&
        (!first || Date.parse(each.time) <= Date.parse(first.time) + windowHours * HOUR_MS),
    );
    return Math.max(used.length, ...next.map((each) => go(own, [...used, each])));
  };
  for (const visitor of new Set(events.map((each) => each.visitor))) {
    furthest.set(
      visitor,
      go(
        events.filter((each) => each.visitor === visitor),
        [],
      ),
    );
  }
  return steps.map((_, index) => [...furthest.values()].filter((level) => level > index).length);
}
