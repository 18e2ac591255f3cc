import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Caller, Calls, refusalOf, uuidOf } from '../keys/key-calls.js';
import { setGateClock } from '../support/gate-clock.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

const HOUR = 3_600;
/** The middle of an hour, so that no test runs over its end. */
const NOON = Date.UTC(2026, 10, 20, 12, 30, 0) / 1000;

let app: TestApp;
let calls: Calls;
let operator: Caller;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
  operator = await app.signIn();
});
afterAll(() => app.close());
beforeEach(() => setClock(NOON));

const setClock = (seconds: number) => setGateClock(app, seconds);
const limit = (key: TestKey, limits: object) =>
  calls.call(operator, 'patch', `/organizations/${key.organizationId}`).send({ limits }).expect(200);
const use = (key: TestKey) => calls.use(key.token);
const ledger = async (key: TestKey) => {
  const [row] = await app.sql<{ hour_used: number; day_used: number }>(
    'SELECT hour_used, day_used FROM quota_ledger WHERE subject = $1',
    [uuidOf('organization', key.organizationId)],
  );
  return [row?.hour_used, row?.day_used];
};

describe('a limit that an operator gives an organization binds the next request', () => {
  it.each(['hour', 'day'])('of requests by the %s: lowered, raised, none, the plan’s own', async (window) => {
    const key = await app.createKey({ plan: 'hourly-starter' });
    const answers: string[] = [];
    for (const value of [2, 1, 3, null, 4, 'plan']) {
      await limit(key, { [window]: value });
      answers.push(await use(key), await use(key));
    }
    expect(answers).toEqual([
      ...['ok', 'ok'], // 2
      ...['QUOTA_EXCEEDED', 'QUOTA_EXCEEDED'], // 1
      ...['ok', 'QUOTA_EXCEEDED'], // 3
      ...['ok', 'ok'], // none: 5 are used now
      ...['QUOTA_EXCEEDED', 'QUOTA_EXCEEDED'], // 4
      ...['ok', 'ok'], // the plan's: 100 an hour, and none a day
    ]);
  });

  it('of seconds between identical requests', async () => {
    const key = await app.createKey({ plan: 'hourly-starter' });
    expect([await use(key), await use(key)]).toEqual(['ok', 'ok']);
    await limit(key, { pollSeconds: 90 });
    // The interval looks back at what was marked under an interval: the first request marks.
    expect([await use(key), await use(key)]).toEqual(['ok', 'POLLING_TOO_FAST']);
    await setClock(NOON + 60);
    expect(await use(key)).toBe('POLLING_TOO_FAST');
    await limit(key, { pollSeconds: 60 });
    expect([await use(key), await use(key)]).toEqual(['ok', 'POLLING_TOO_FAST']);
    await limit(key, { pollSeconds: null });
    expect([await use(key), await use(key)]).toEqual(['ok', 'ok']);
    const paced = await app.createKey({ plan: 'pro' });
    await limit(paced, { pollSeconds: null });
    expect([await use(paced), await use(paced)]).toEqual(['ok', 'ok']);
    await limit(paced, { pollSeconds: 'plan' });
    expect([await use(paced), await use(paced)]).toEqual(['ok', 'POLLING_TOO_FAST']);
  });

  it('of active keys in a store', async () => {
    const admin = await calls.admin();
    const create = async () => {
      const answer = await calls
        .call(admin, 'post', `/stores/${admin.storeId}/keys`)
        .send({ name: 'One more', roleId: 'read-only' });
      return answer.status === 201 ? answer.body.id : refusalOf(answer);
    };
    await limit(admin, { activeKeysPerStore: 2 });
    const second = await create();
    expect(second).toMatch(/^key_/);
    expect(await create()).toEqual([409, 'KEY_LIMIT_REACHED', { limit: 2 }]);
    await limit(admin, { activeKeysPerStore: 1 });
    expect(await create()).toEqual([409, 'KEY_LIMIT_REACHED', { limit: 1 }]);
    await limit(admin, { activeKeysPerStore: null });
    for (let i = 0; i < 10; i++) expect(await create()).toMatch(/^key_/);
    await limit(admin, { activeKeysPerStore: 'plan' });
    expect(await create()).toEqual([409, 'KEY_LIMIT_REACHED', { limit: 10 }]);
    // Those that are there already stay as they are.
    expect(await use(admin)).toBe('ok');
  });

  it('of the level that keys reach', async () => {
    const admin = await calls.admin();
    const verdicts = async () => [
      (await calls.call(admin, 'get', '/campaigns')).status,
      (await calls.call(admin, 'post', '/campaigns').send({ name: 'X', platform: 'email' })).status,
      (await calls.call(admin, 'post', '/roles').send({ name: `R${Math.random()}`, grants: {} })).status,
    ];
    const after = async (highestLevel: string) => {
      await limit(admin, { highestLevel });
      return verdicts();
    };
    expect(await after('read')).toEqual([200, 403, 403]);
    expect(await after('write')).toEqual([200, 201, 403]);
    expect(await after('admin')).toEqual([200, 201, 201]);
    const starter = await calls.admin({ plan: 'starter' });
    const write = async () =>
      (await calls.call(starter, 'post', '/campaigns').send({ name: 'X', platform: 'email' })).status;
    expect(await write()).toBe(403);
    await limit(starter, { highestLevel: 'write' });
    expect(await write()).toBe(201);
    await limit(starter, { highestLevel: 'plan' });
    expect(await write()).toBe(403);
  });

  it('and one that is not named stays', async () => {
    const key = await app.createKey({ plan: 'hourly-starter' });
    await limit(key, { hour: 2 });
    await limit(key, { day: 1 });
    expect([await use(key), await use(key)]).toEqual(['ok', 'QUOTA_EXCEEDED']);
    await limit(key, { day: null });
    expect([await use(key), await use(key)]).toEqual(['ok', 'QUOTA_EXCEEDED']);
  });
});

describe('two windows at once', () => {
  it('are charged together or not at all', async () => {
    const key = await app.createKey({ plan: 'hourly-starter' });
    await limit(key, { hour: 2, day: 3 });
    expect([await use(key), await use(key), await use(key)]).toEqual(['ok', 'ok', 'QUOTA_EXCEEDED']);
    expect(await ledger(key)).toEqual([2, 2]);
    await setClock(NOON + HOUR);
    expect([await use(key), await use(key), await use(key)]).toEqual([
      'ok',
      'QUOTA_EXCEEDED',
      'QUOTA_EXCEEDED',
    ]);
    // The day refused: the hour, which had one left, was not charged.
    expect(await ledger(key)).toEqual([1, 3]);
  });

  it('are both told, the tighter one in the plain headers, the later one in Retry-After', async () => {
    const key = await app.createKey({ plan: 'hourly-starter' });
    await limit(key, { hour: 3, day: 2 });
    const get = () => calls.call<unknown>(key, 'get', '/campaigns?limit=1');
    const { headers } = await get().expect(200);
    const [toHour, toMidnight] = [HOUR / 2, 11.5 * HOUR];
    expect(headers).toMatchObject({
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '1',
      'x-ratelimit-reset': String(NOON + toMidnight),
      'ratelimit-policy': '"hour";q=3;w=3600, "day";q=2;w=86400',
      ratelimit: `"hour";r=2;t=${toHour}, "day";r=1;t=${toMidnight}`,
    });
    await get().expect(200);
    const refused = await get();
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, String(toMidnight)]);
    await limit(key, { hour: 2, day: 9 });
    expect((await get()).headers['retry-after']).toBe(String(toHour));
  });
});
