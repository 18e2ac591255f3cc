import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServer } from '../support/processes.js';
import { setGateClock } from '../support/gate-clock.js';
import type { TestKey } from '../support/test-app.js';
import { hammer } from './hammer.js';
import { type House, openHouse, organizationUuid } from './house.js';

const CONNECTIONS = 64;
const DAY = 86_400;
const MIDNIGHT = Date.UTC(2026, 10, 21) / 1000;
const EVENING = MIDNIGHT - 3_601;

/** The larger ones take a minute and more: `npm run test:quota` has them all. */
const MOST = Number(process.env['QUOTA_MOST'] ?? 500);
const LIMITS = [30, 500, 5_000, 50_000].filter((limit) => limit <= MOST);

describe('one subject hammered over three processes', () => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse(3);
    await setClock(EVENING);
  });
  afterAll(async () => {
    await house.close();
  });

  const setClock = (seconds: number) => setGateClock(house.app, seconds);
  const keyWith = async (limits: { day: number; hour?: number }): Promise<TestKey> => {
    const key = await house.app.createKey({ plan: 'pro' });
    await house.app.sql(
      'UPDATE organizations SET day_limit = $1, hour_limit = $2, poll_seconds = 0 WHERE id = $3',
      [limits.day, limits.hour ?? 2_147_483_647, organizationUuid(key.organizationId)],
    );
    return key;
  };
  const ledgerOf = async (key: TestKey) => {
    const [row] = await house.app.sql<{ hour_used: number; day_used: number }>(
      'SELECT hour_used, day_used FROM quota_ledger WHERE subject = $1',
      [organizationUuid(key.organizationId)],
    );
    return row;
  };
  const options = (key: TestKey, requests: number) => ({
    urls: house.servers.map(({ url }) => url),
    token: key.token,
    connections: CONNECTIONS,
    requests,
  });

  it.each(LIMITS)(
    'is let through %i times, and never once more where a process dies meanwhile',
    async (limit) => {
      const whole = await keyWith({ day: limit });
      const requests = Math.ceil(limit * 1.1) + 200;
      const seen = await hammer(options(whole, requests));
      expect(seen).toMatchObject({ admitted: limit, refused: requests - limit, lost: 0 });
      expect(await ledgerOf(whole)).toMatchObject({ day_used: limit });

      const broken = await keyWith({ day: limit });
      const victim = await startServer(house.database);
      const killed = Promise.withResolvers<void>();
      const after = await hammer({
        ...options(broken, requests + CONNECTIONS),
        urls: [victim.url, ...house.servers.slice(1).map(({ url }) => url)],
        onAnswer: (answered) => {
          if (answered === Math.ceil(limit / 2)) void victim.kill().then(killed.resolve);
        },
      });
      await killed.promise;
      expect(after.lost).toBeGreaterThan(0);
      expect(after.admitted).toBeLessThanOrEqual(limit);
      // What was charged and not seen was under way in the process that died.
      expect(after.admitted).toBeGreaterThanOrEqual(limit - CONNECTIONS);
      expect(await ledgerOf(broken)).toMatchObject({ day_used: limit });
    },
    60_000 + MOST * 10,
  );

  it('is let through so often in each of two windows, whose end comes while requests are under way', async () => {
    const limit = 2_000;
    const key = await keyWith({ day: limit });
    const moved = Promise.withResolvers<unknown>();
    const seen = await hammer({
      ...options(key, 3 * limit),
      onAnswer: (answered) => {
        if (answered === limit / 2) setClock(MIDNIGHT).then(moved.resolve, moved.reject);
      },
    });
    await moved.promise;
    const [before = 0, after = 0] = [MIDNIGHT, MIDNIGHT + DAY].map((end) => seen.byWindow.get(end));
    expect(before).toBeGreaterThanOrEqual(limit / 2);
    expect(before).toBeLessThanOrEqual(limit);
    expect(after).toBe(limit);
    expect(seen.admitted).toBe(before + after);
    expect(await ledgerOf(key)).toMatchObject({ day_used: limit });
  }, 60_000);

  it('is charged in both its windows or in none', async () => {
    await setClock(EVENING);
    const key = await keyWith({ day: 700, hour: 400 });
    const first = await hammer(options(key, 900));
    expect(first).toMatchObject({ admitted: 400, refused: 500 });
    expect(await ledgerOf(key)).toEqual({ hour_used: 400, day_used: 400 });
    await setClock(EVENING + 1);
    const second = await hammer(options(key, 900));
    expect(second).toMatchObject({ admitted: 300, refused: 600 });
    expect(await ledgerOf(key)).toEqual({ hour_used: 300, day_used: 700 });
  }, 60_000);
});
