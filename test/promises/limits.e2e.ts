import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StoreCalls } from '../content/store-calls.js';
import { setGateClock } from '../support/gate-clock.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

// What the product says of rate limits, sentence by sentence.

const MIDNIGHT = Date.UTC(2030, 4, 7) / 1_000;
const HOUR = 3_600;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await setGateClock(app, MIDNIGHT + 12 * HOUR);
});
afterAll(() => app.close());

const storeOn = (plan: string) => StoreCalls.inNewStore(app, { plan, role: 'read-only' });
/** The same list, by a query that no request had before. */
const another = (() => {
  let no = 0;
  return () => `/campaigns?q=word${(no += 1)}`;
})();

describe('a day', () => {
  it('on Starter has 30 requests; the next is 429, and says how long to wait: until midnight, UTC', async () => {
    const api = await storeOn('starter');
    for (let left = 29; left >= 0; left -= 1) {
      const { headers } = await api.call('get', another()).expect(200);
      expect(headers['x-ratelimit-remaining']).toBe(String(left));
    }
    const { headers, body } = await api.call('get', another()).expect(429);
    expect(body.error.code).toBe('QUOTA_EXCEEDED');
    expect(headers['retry-after']).toBe(String(12 * HOUR));
    await setGateClock(app, MIDNIGHT + 24 * HOUR - 1);
    expect((await api.call('get', another()).expect(429)).headers['retry-after']).toBe('1');
    await setGateClock(app, MIDNIGHT + 24 * HOUR);
    await api.call('get', another()).expect(200);
  });

  it.each([
    ['starter', 30],
    ['pro', 5_000],
    ['agency', 25_000],
  ])('on %s has %d, as every answer says with what is left and when it starts anew', async (plan, limit) => {
    await setGateClock(app, MIDNIGHT + 12 * HOUR);
    const { headers } = await (await storeOn(plan)).call('get', another()).expect(200);
    expect(headers).toMatchObject({
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(limit - 1),
      'x-ratelimit-reset': String(MIDNIGHT + 24 * HOUR),
    });
  });
});

describe('an hour', () => {
  it.each([
    ['hourly-starter', 100],
    ['hourly-growth', 500],
    ['hourly-scale', 2_000],
    ['hourly-enterprise', 10_000],
  ])('on %s has %d', async (plan, limit) => {
    await setGateClock(app, MIDNIGHT + 12.5 * HOUR);
    const { headers } = await (await storeOn(plan)).call('get', '/posts').expect(200);
    expect(headers).toMatchObject({
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(limit - 1),
      'x-ratelimit-reset': String(MIDNIGHT + 13 * HOUR),
    });
  });
});

it.each([
  ['starter', 60 * 60],
  ['pro', 60],
  ['agency', 60],
])('identical requests on %s are %d seconds apart', async (plan, seconds) => {
  const noon = MIDNIGHT + 12 * HOUR;
  await setGateClock(app, noon);
  const api = await storeOn(plan);
  await api.call('get', '/campaigns').expect(200);
  await setGateClock(app, noon + seconds - 1);
  const early = await api.call('get', '/campaigns').expect(429);
  expect([early.body.error.code, early.headers['retry-after']]).toEqual(['POLLING_TOO_FAST', '1']);
  await api.call('get', '/posts').expect(200);
  await setGateClock(app, noon + seconds);
  await api.call('get', '/campaigns').expect(200);
});
