import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { addPerson, attempt, eventsOf, type Person, refusal, send, signIn } from './signing-in.js';

const NEXT = 'another walk to the sea';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

it('takes the place of the old password, ends the other sessions and keeps this one', async () => {
  const ada = await addPerson(app, 'ada@example.com');
  const [here, elsewhere] = [await signIn(app, ada), await signIn(app, ada)];
  await app.sql(
    `INSERT INTO password_resets (member_id, digest, expires_at) VALUES ($1, 'x', now() + interval '1 hour')`,
    [ada.uuid],
  );
  const change = () =>
    send(app, here, 'post', '/me/password')
      .set('Idempotency-Key', 'one')
      .send({ currentPassword: ada.password, newPassword: NEXT });
  const changed = await change();
  expect([changed.status, changed.text]).toEqual([204, '']);

  expect((await send(app, here, 'get', '/me')).status).toBe(200);
  expect(refusal(await send(app, elsewhere, 'get', '/me'))).toEqual([401, 'SESSION_INVALID']);
  expect(refusal(await attempt(app, { email: ada.email, password: ada.password }))).toEqual([
    401,
    'SIGN_IN_FAILED',
  ]);
  expect((await attempt(app, { email: ada.email, password: NEXT })).status).toBe(200);
  expect(await app.sql('SELECT 1 FROM password_resets')).toEqual([]);
  expect(await eventsOf(app, ada)).toEqual([{ type: 'member.password_changed', data: { by: 'change' } }]);
  const changes = await app.sql<{ actor_id: string; after: object }>(
    `SELECT actor_id, after FROM change_log WHERE entity = 'member' AND entity_id = $1 AND action = 'update'`,
    [ada.uuid],
  );
  expect(changes).toEqual([
    { actor_id: ada.uuid, after: expect.not.objectContaining({ password_hash: '' }) },
  ]);
  expect(JSON.stringify(changes)).not.toContain('password_hash');

  // Whoever lost the answer may ask again: the current password is another one by now, and nothing is counted.
  const again = await change();
  expect([again.status, again.headers['idempotency-replayed']]).toEqual([204, 'true']);
  expect(await app.sql('SELECT 1 FROM sign_in_failures')).toEqual([]);
});

it('keeps of a repeated request no hash that its passwords could be guessed from', async () => {
  const [row] = await app.sql<{ digest: Buffer }>('SELECT request_digest AS digest FROM idempotency_replies');
  const body = JSON.stringify({ currentPassword: app.admin.password, newPassword: NEXT });
  const bare = createHash('sha256').update(`POST /api/v1/me/password\n${body}`).digest();
  expect(row?.digest.equals(bare)).toBe(false);
});

it('is refused without the current password, and for what is no new one', async () => {
  const grace: Person = await addPerson(app, 'grace.hopper@example.com');
  const browser = await signIn(app, grace);
  const change = (currentPassword: string, newPassword: string) =>
    send(app, browser, 'post', '/me/password').send({ currentPassword, newPassword });
  expect(refusal(await change('a wrong password', NEXT))).toEqual([400, 'INVALID_INPUT', 'currentPassword']);
  for (const password of ['elevenbytes', 'Sunshine2026', 'grace.hopper-1906', grace.password]) {
    const answer = await change(grace.password, password);
    expect([password, ...refusal(answer)]).toEqual([password, 400, 'INVALID_INPUT', 'newPassword']);
    expect(answer.text).not.toContain(password);
  }
  expect((await send(app, browser, 'get', '/me')).status).toBe(200);
  expect((await attempt(app, { email: grace.email, password: grace.password })).status).toBe(200);
});

it('asks for the CSRF token, and has nothing for keys', async () => {
  const body = { currentPassword: app.admin.password, newPassword: NEXT };
  const { cookie } = await app.signIn();
  const forged = await app.request.post('/api/v1/me/password').set('Cookie', cookie).send(body);
  expect(refusal(forged)).toEqual([403, 'CSRF_TOKEN_INVALID']);
  const { token } = await app.createKey({ role: 'admin' });
  const byKey = await app.request
    .post('/api/v1/me/password')
    .set('Authorization', `Bearer ${token}`)
    .send(body);
  expect(refusal(byKey)).toEqual([404, 'NOT_FOUND']);
});
