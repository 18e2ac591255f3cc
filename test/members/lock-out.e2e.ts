import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { addPerson, attempt, eventsOf, refusal, send, signIn } from './signing-in.js';

let first: TestApp;
let second: TestApp;
beforeAll(async () => {
  first = await startTestApp();
  second = await startTestApp({ database: first.database });
});
afterAll(async () => {
  await second.close();
  await first.close();
});

const LOCKED = [429, 'TOO_MANY_FAILED_ATTEMPTS'];
const FAILED = [401, 'SIGN_IN_FAILED'];

/** So many wrong passwords, one after the other, at the two processes in turns. */
async function fail(email: string, times: number): Promise<unknown[][]> {
  const answers = [];
  for (let i = 0; i < times; i += 1) {
    answers.push(refusal(await attempt(i % 2 ? second : first, { email, password: `wrong ${i}` })));
  }
  return answers;
}

/** Lets the minutes pass, as far as this address is concerned. */
const age = (minutes: number) =>
  first.sql(
    `UPDATE sign_in_failures SET
       failed_at = ARRAY(SELECT at - make_interval(mins => $1) FROM unnest(failed_at) AS at),
       last_failed_at = last_failed_at - make_interval(mins => $1),
       locked_until = locked_until - make_interval(mins => $1)`,
    [minutes],
  );

it('locks an address after ten failures, on every process, for a quarter of an hour', async () => {
  const ada = await addPerson(first, 'ada@example.com');
  expect(await fail('Ada@Example.com', 10)).toEqual(Array(10).fill(FAILED));
  for (const app of [first, second]) {
    const refused = await attempt(app, { email: ' ADA@example.com', password: ada.password });
    expect(refusal(refused)).toEqual(LOCKED);
    expect(refused.headers).not.toHaveProperty('set-cookie');
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThan(880);
    expect(seconds).toBeLessThanOrEqual(900);
  }
  expect(await eventsOf(first, ada)).toEqual([
    { type: 'member.locked_out', data: { until: expect.stringMatching(/Z$/) } },
  ]);
  const rows = await first.sql(
    `SELECT status, reason FROM request_log WHERE error_code = 'TOO_MANY_FAILED_ATTEMPTS'`,
  );
  expect(rows).toEqual([
    { status: 429, reason: 'locked out' },
    { status: 429, reason: 'locked out' },
  ]);

  // What is refused counts no more, so the lock ends when it was said to.
  await age(14);
  expect(refusal(await attempt(first, { email: ada.email, password: 'wrong' }))).toEqual(LOCKED);
  await age(1);
  expect(await fail(ada.email, 1)).toEqual([FAILED]);
  expect((await attempt(second, { email: ada.email, password: ada.password })).status).toBe(200);
  expect(await first.sql('SELECT 1 FROM sign_in_failures')).toEqual([]);
});

it('locks an address that nobody has alike, with the same answers', async () => {
  expect(await fail('nobody@example.com', 10)).toEqual(Array(10).fill(FAILED));
  const refused = await attempt(first, { email: 'nobody@example.com', password: 'wrong' });
  expect(refusal(refused)).toEqual(LOCKED);
  expect(refused.text).not.toContain('nobody');
  const stored = await first.sql<{ text: string }>('SELECT f::text AS text FROM sign_in_failures f');
  expect(stored.map(({ text }) => text).join()).not.toContain('nobody');
});

it('counts failures of the last quarter of an hour alone', async () => {
  const bob = await addPerson(first, 'bob@example.com');
  await fail(bob.email, 9);
  await age(16);
  expect(await fail(bob.email, 2)).toEqual([FAILED, FAILED]);
  expect((await attempt(first, { email: bob.email, password: bob.password })).status).toBe(200);
});

it('lets nobody in who guessed right among many wrong ones at once', async () => {
  const eve = await addPerson(first, 'eve@example.com');
  await fail(eve.email, 9);
  const guesses = Array.from({ length: 8 }, (_, i) =>
    attempt(first, { email: eve.email, password: i < 7 ? `wrong ${i}` : eve.password }),
  );
  const outcomes = (await Promise.all(guesses)).map((answer) => refusal(answer).join());
  // bcrypt does two at a time: those beside the tenth failure, and all after it, are told the same
  expect(new Set(outcomes)).toEqual(new Set([FAILED.join(), LOCKED.join()]));
  expect(outcomes.filter((outcome) => outcome === FAILED.join()).length).toBeLessThanOrEqual(2);
});

it('counts a signed-in member’s wrong passwords too, and a new password lifts the lock', async () => {
  const carl = await addPerson(first, 'carl@example.com');
  const browser = await signIn(first, carl);
  await fail(carl.email, 9);
  const change = (currentPassword: string) =>
    send(first, browser, 'post', '/me/password').send({
      currentPassword,
      newPassword: 'a walk along the river',
    });
  expect(refusal(await change('wrong'))).toEqual([400, 'INVALID_INPUT', 'currentPassword']);
  expect(refusal(await change(carl.password))).toEqual(LOCKED);
  expect((await send(second, browser, 'get', '/me')).status).toBe(401);

  const admin = await first.signIn();
  const made = await send(first, admin, 'post', `/members/${carl.id}/password-reset`);
  const token = /#token=(.+)$/.exec((made.body as { link: string }).link)?.[1];
  const password = 'a walk along the lake';
  const confirmed = await second.request.post('/api/v1/password-resets/confirm').send({ token, password });
  expect(confirmed.status).toBe(204);
  expect((await attempt(first, { email: carl.email, password })).status).toBe(200);
});
