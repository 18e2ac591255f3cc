import { Agent } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fromPublicId, toPublicId } from '../../src/platform/ids/index.js';
import { type Answer, call, codeOf, type ErrorAnswer, json } from '../support/http-client.js';
import { setGateClock } from '../support/gate-clock.js';
import type { TestKey } from '../support/test-app.js';
import { type House, openHouse, organizationUuid } from './house.js';

const HOUR = 3_600;
const DAY = 86_400;
/** The middle of an hour, so that no test runs over its end. */
const NOON = Date.UTC(2026, 10, 20, 12, 30, 0) / 1000;

const keyUuid = (publicId: string): string => fromPublicId('key', publicId) ?? '';

describe('quotas over three processes', () => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse(3);
  });
  afterAll(async () => {
    await house.close();
  });
  beforeEach(async () => {
    await setClock(NOON);
  });

  const setClock = (seconds: number) => setGateClock(house.app, seconds);
  const url = (index: number): string => house.servers[index % house.servers.length]?.url ?? '';
  const get = (index: number, path: string, key: TestKey) => call(url(index), path, { token: key.token });
  /** As many requests at once as that, in turn on each process, no two of them identical. */
  const hammer = (count: number, first: TestKey, second: TestKey = first): Promise<Answer[]> =>
    Promise.all(
      Array.from({ length: count }, (_, i) =>
        get(i, `/api/v1/campaigns?limit=1&page=${i + 1}`, i % 2 === 0 ? first : second),
      ),
    );
  const counted = (answers: readonly Answer[]) => ({
    admitted: answers.filter(({ status }) => status === 200).length,
    refused: answers.filter((answer) => codeOf(answer) === 'QUOTA_EXCEEDED').length,
  });
  const number = (answer: Answer, header: string): number => Number(answer.headers[header]);
  const withoutPolling = (key: TestKey) =>
    house.app.sql('UPDATE organizations SET poll_seconds = 0 WHERE id = $1', [
      organizationUuid(key.organizationId),
    ]);

  it('admit exactly the plan’s limit in a day, over two keys of one organization', async () => {
    const one = await house.app.createKey({ plan: 'starter', role: 'read-only' });
    const two = await house.app.createKey({ storeId: one.storeId, role: 'read-only' });
    await withoutPolling(one);
    const answers = await hammer(120, one, two);
    expect(counted(answers)).toEqual({ admitted: 30, refused: 90 });
    const midnight = Math.ceil(NOON / DAY) * DAY;
    for (const answer of answers.filter(({ status }) => status === 429)) {
      expect(answer.headers).toMatchObject({
        'x-ratelimit-limit': '30',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(midnight),
        'retry-after': String(midnight - NOON),
        'ratelimit-policy': `"day";q=30;w=${DAY}`,
        ratelimit: `"day";r=0;t=${midnight - NOON}`,
      });
      expect(json<ErrorAnswer>(answer).error.details).toEqual({
        windows: [{ window: 'day', limit: 30, used: 30, resetsAt: new Date(midnight * 1000).toISOString() }],
        upgrade: 'hourly-starter',
      });
    }
    const left = answers
      .filter(({ status }) => status === 200)
      .map((answer) => number(answer, 'x-ratelimit-remaining'));
    // Each admission is told its own place: 29, 28, … 0, once each.
    expect(left.sort((a, b) => b - a)).toEqual(Array.from({ length: 30 }, (_, i) => 29 - i));

    await setClock(midnight - 1);
    const last = await get(0, '/api/v1/campaigns?limit=2', one);
    expect([last.status, last.headers['retry-after']]).toEqual([429, '1']);
    await setClock(midnight);
    const next = await get(1, '/api/v1/campaigns?limit=2', two);
    expect([next.status, number(next, 'x-ratelimit-remaining')]).toEqual([200, 29]);
  });

  it('admit exactly the plan’s limit in an hour, and again in the next', async () => {
    const key = await house.app.createKey({ plan: 'hourly-growth' });
    const top = Math.ceil(NOON / HOUR) * HOUR;
    const answers = await hammer(650, key);
    expect(counted(answers)).toEqual({ admitted: 500, refused: 150 });
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers).toMatchObject({
      'retry-after': String(top - NOON),
      'x-ratelimit-reset': String(top),
    });
    await setClock(top);
    expect(counted(await hammer(510, key))).toEqual({ admitted: 500, refused: 10 });
  });

  it('count a sandbox apart from its organization', async () => {
    const live = await house.app.createKey({ plan: 'starter', role: 'read-only' });
    await withoutPolling(live);
    const [store] = await house.app.sql<{ id: string }>(
      `INSERT INTO stores (id, organization_id, name, kind, live_store_id, quota_subject)
       SELECT made.id, organization_id, 'Sandbox', 'sandbox', stores.id, made.id
       FROM stores, (SELECT gen_random_uuid() AS id) AS made WHERE stores.organization_id = $1 RETURNING id`,
      [organizationUuid(live.organizationId)],
    );
    const sandbox = await house.app.createKey({
      storeId: toPublicId('store', store?.id ?? ''),
      role: 'read-only',
    });
    const answers = await hammer(90, live, sandbox);
    const ofLive = answers.filter((_, i) => i % 2 === 0);
    const ofSandbox = answers.filter((_, i) => i % 2 === 1);
    expect([counted(ofLive), counted(ofSandbox)]).toEqual([
      { admitted: 30, refused: 15 },
      { admitted: 30, refused: 15 },
    ]);
  });

  it('admit exactly a key’s own limit while its sibling goes on, and charge every window or none', async () => {
    const limited = await house.app.createKey({ plan: 'hourly-growth' });
    const sibling = await house.app.createKey({ storeId: limited.storeId });
    const [key, organization] = [keyUuid(limited.id), organizationUuid(limited.organizationId)];
    const ledger = () =>
      house.app.sql<{ hour_used: number; day_used: number }>(
        `SELECT hour_used, day_used FROM quota_ledger WHERE subject = ANY ($1)
         ORDER BY array_position($1, subject)`,
        [[key, organization]],
      );
    await house.app.sql('UPDATE keys SET hour_limit = 40, day_limit = 90 WHERE id = $1', [key]);
    const answers = await hammer(240, limited, sibling);
    const of = (side: number) => counted(answers.filter((_, i) => i % 2 === side));
    expect([of(0), of(1)]).toEqual([
      { admitted: 40, refused: 80 },
      { admitted: 120, refused: 0 },
    ]);
    // What the key's limit refused was charged to nobody.
    expect(await ledger()).toEqual([
      { hour_used: 40, day_used: 40 },
      { hour_used: 160, day_used: 160 },
    ]);
    const refused = answers.find(({ status }) => status === 429);
    const top = Math.ceil(NOON / HOUR) * HOUR;
    expect(refused?.headers['retry-after']).toBe(String(top - NOON));
    expect(refused && json<ErrorAnswer>(refused).error.details?.['upgrade']).toBeNull();

    // In the next hour the organization has less left than the key: its refusals are not charged to the key.
    await setClock(top);
    await house.app.sql('UPDATE organizations SET hour_limit = 25 WHERE id = $1', [organization]);
    expect(counted(await hammer(120, limited))).toEqual({ admitted: 25, refused: 95 });
    expect(await ledger()).toEqual([
      { hour_used: 25, day_used: 65 },
      { hour_used: 25, day_used: 185 },
    ]);

    // The key's day: 65 of 90 are used, and hours begin anew without it.
    await house.app.sql('UPDATE organizations SET hour_limit = NULL WHERE id = $1', [organization]);
    await setClock(top + HOUR);
    expect(counted(await hammer(120, limited))).toEqual({ admitted: 25, refused: 95 });
    expect(await ledger()).toEqual([
      { hour_used: 25, day_used: 90 },
      { hour_used: 25, day_used: 210 },
    ]);
  });

  it('charge nothing for what is refused or free', async () => {
    const key = await house.app.createKey({ plan: 'starter', role: 'read-only' });
    await withoutPolling(key);
    for (let i = 0; i < 40; i++) {
      expect((await get(i, '/api/v1/me', key)).status).toBe(200);
      const denied = await call(url(i), '/api/v1/campaigns', { method: 'POST', token: key.token, body: {} });
      expect(codeOf(denied)).toBe('PERMISSION_DENIED');
      expect((await get(i, '/api/v1/nothing-here', key)).status).toBe(404);
    }
    const first = await get(0, '/api/v1/campaigns', key);
    expect([first.status, number(first, 'x-ratelimit-remaining')]).toEqual([200, 29]);
  });

  it('never refuse a sole client that goes by the headers', async () => {
    const key = await house.app.createKey({ plan: 'starter', role: 'read-only' });
    await withoutPolling(key);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let left: number | undefined;
    for (let i = 0; i < 75; i++) {
      const answer = await call(url(i), `/api/v1/campaigns?page=${i + 1}`, { token: key.token, agent });
      expect(answer.status).toBe(200);
      const remaining = number(answer, 'x-ratelimit-remaining');
      if (left !== undefined) expect(remaining).toBe(left - 1);
      left = remaining;
      if (left > 0) continue;
      left = undefined;
      await setClock(number(answer, 'x-ratelimit-reset'));
    }
    agent.destroy();
  });

  describe('and their polling interval', () => {
    it('refuses the identical request until it is over', async () => {
      const key = await house.app.createKey({ plan: 'starter', role: 'read-only' });
      const path = '/api/v1/campaigns?limit=5&page=1';
      expect((await get(0, path, key)).status).toBe(200);
      await setClock(NOON + 10.25);
      const refused = await get(1, path, key);
      expect(codeOf(refused)).toBe('POLLING_TOO_FAST');
      expect(json<ErrorAnswer>(refused).error.details).toEqual({
        nextAllowedAt: new Date((NOON + HOUR) * 1000).toISOString(),
        upgrade: 'hourly-starter',
      });
      // 3,589.75 seconds are left; a caller that comes after whole seconds must not come early.
      expect(refused.headers).toMatchObject({ 'retry-after': '3590', 'x-ratelimit-remaining': '29' });
      await setClock(NOON + HOUR - 0.001);
      expect(codeOf(await get(2, path, key))).toBe('POLLING_TOO_FAST');
      await setClock(NOON + HOUR);
      expect((await get(1, path, key)).status).toBe(200);
    });

    it('goes by the route, its parameters and the sorted query, however they are spelt', async () => {
      const key = await house.app.createKey({ plan: 'pro' });
      expect((await get(0, '/api/v1/campaigns?limit=5&page=1', key)).status).toBe(200);
      for (const same of [
        '/api/v1/campaigns?page=1&limit=5',
        '/api/campaigns?limit=5&page=1',
        '/api/v1/campaigns/?limit=5&page=1',
        '/api/v1/Campaigns?limit=5&page=1',
        '/api/v1/campaigns?%6cimit=%35&page=1',
      ]) {
        expect([same, codeOf(await get(1, same, key))]).toEqual([same, 'POLLING_TOO_FAST']);
      }
      const head = await call(url(2), '/api/v1/campaigns?limit=5&page=1', {
        method: 'HEAD',
        token: key.token,
      });
      expect(head.status).toBe(429);
      for (const other of [
        '/api/v1/campaigns?limit=5&page=2',
        '/api/v1/campaigns',
        '/api/v1/campaigns?limit=6&page=1',
      ]) {
        expect([other, (await get(1, other, key)).status]).toEqual([other, 200]);
      }
      for (let i = 0; i < 4; i++) expect((await get(i, '/api/v1/me', key)).status).toBe(200);
    });

    it('admits one of many identical requests at once', async () => {
      const key = await house.app.createKey({ plan: 'pro' });
      for (let round = 0; round < 8; round++) {
        const path = `/api/v1/campaigns?page=${round + 1}`;
        const answers = await Promise.all(Array.from({ length: 24 }, (_, i) => get(i, path, key)));
        const codes = answers.map(codeOf).sort();
        expect(codes.filter((code) => code === null)).toHaveLength(1);
        expect(codes.filter((code) => code === 'POLLING_TOO_FAST')).toHaveLength(23);
      }
      const [ledger] = await house.app.sql<{ day_used: number }>(
        'SELECT day_used FROM quota_ledger WHERE subject = $1',
        [organizationUuid(key.organizationId)],
      );
      expect(ledger?.day_used).toBe(8);
    });
  });
});
