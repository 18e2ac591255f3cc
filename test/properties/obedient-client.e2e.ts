import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { organizationUuid } from '../guarantees/house.js';
import { setGateClock } from '../support/gate-clock.js';
import { type Answer, call } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

const NONE = 2_147_483_647;
const START = Date.UTC(2026, 10, 20, 21, 40, 0) / 1000;

/** Limits, and what a client does: which page it asks for, after how many seconds of its own. */
const SCENARIO = fc.record({
  hour: fc.option(fc.integer({ min: 1, max: 8 }), { nil: NONE }),
  day: fc.option(fc.integer({ min: 1, max: 12 }), { nil: NONE }),
  keyHour: fc.option(fc.integer({ min: 1, max: 6 })),
  keyDay: fc.option(fc.integer({ min: 1, max: 10 })),
  pollSeconds: fc.constantFrom(0, 60, 3_600),
  reads: fc.constantFrom('X-RateLimit', 'RateLimit'),
  steps: fc.array(
    fc.record({ page: fc.integer({ min: 1, max: 3 }), pause: fc.constantFrom(0, 0, 0.25, 7.5, 400, 4_000) }),
    { minLength: 5, maxLength: 30 },
  ),
});

/** When a client may ask again, by what one answer told it at a moment of its own clock. */
type Reading = (answer: Answer, at: number) => number;

const READINGS: Record<'X-RateLimit' | 'RateLimit', Reading> = {
  'X-RateLimit': ({ headers }, at) =>
    headers['x-ratelimit-remaining'] === '0' ? Number(headers['x-ratelimit-reset']) : at,
  RateLimit: ({ headers }, at) =>
    Math.max(
      at,
      ...[...String(headers['ratelimit'] ?? '').matchAll(/r=(\d+);t=(\d+)/g)].map(([, left, seconds]) =>
        left === '0' ? at + Number(seconds) : at,
      ),
    ),
};

describe('a sole client that goes by the headers', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => {
    await app.close();
  });

  const keyWith = async (limits: {
    hour: number;
    day: number;
    keyHour: number | null;
    keyDay: number | null;
    pollSeconds: number;
  }): Promise<TestKey> => {
    const key = await app.createKey();
    await app.sql(
      'UPDATE organizations SET hour_limit = $2, day_limit = $3, poll_seconds = $4 WHERE id = $1',
      [organizationUuid(key.organizationId), limits.hour, limits.day, limits.pollSeconds],
    );
    await app.sql('UPDATE keys SET hour_limit = $2, day_limit = $3 WHERE id = $1', [
      fromPublicId('key', key.id),
      limits.keyHour,
      limits.keyDay,
    ]);
    return key;
  };

  it('is never refused, whatever limits and pauses it meets', async () => {
    await fc.assert(
      fc.asyncProperty(SCENARIO, async ({ steps, reads, ...limits }) => {
        const key = await keyWith(limits);
        let now = START;
        let mayAsk = START;
        const mayPoll = new Map<number, number>();
        for (const { page, pause } of steps) {
          now = Math.max(now + pause, mayAsk, mayPoll.get(page) ?? 0);
          await setGateClock(app, now);
          const answer = await call(app.url, `/api/v1/campaigns?page=${page}`, { token: key.token });
          expect([answer.status, answer.text]).toEqual([200, answer.text]);
          mayAsk = READINGS[reads](answer, now);
          mayPoll.set(page, now + Number(answer.headers['x-poll-interval'] ?? 0));
        }
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('is refused once it does not', async () => {
    const key = await keyWith({ hour: 2, day: NONE, keyHour: null, keyDay: null, pollSeconds: 0 });
    await setGateClock(app, START);
    const statuses: number[] = [];
    for (let page = 1; page <= 3; page++) {
      const { status } = await call(app.url, `/api/v1/campaigns?page=${page}`, { token: key.token });
      statuses.push(status);
    }
    expect(statuses).toEqual([200, 200, 429]);
  });
});
