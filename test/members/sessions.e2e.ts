import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { toPublicId } from '../../src/platform/ids/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { addPerson, refusal, send, signIn, type SignedInBrowser } from './signing-in.js';

interface SessionView {
  id: string;
  current: boolean;
}

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const list = async (browser: SignedInBrowser) =>
  ((await send(app, browser, 'get', '/me/sessions')).body as { data: SessionView[] }).data;
const isIn = async (browser: SignedInBrowser) => (await send(app, browser, 'get', '/me')).status === 200;

it('are listed with where they came from, and ended one by one', async () => {
  const ada = await addPerson(app, 'ada@example.com');
  const [here, there] = [await signIn(app, ada), await signIn(app, ada)];
  await signIn(app, app.admin);
  const sessions = await list(here);
  const view = {
    id: expect.stringMatching(/^ses_/),
    createdAt: expect.any(String),
    lastSeenAt: expect.any(String),
    expiresAt: expect.any(String),
    ip: '127.0.0.1',
    userAgent: null,
  };
  expect(sessions).toEqual([
    { ...view, current: false },
    { ...view, current: true },
  ]);
  const [other, own] = sessions;

  const stranger = await signIn(app, app.admin);
  expect(refusal(await send(app, stranger, 'delete', `/me/sessions/${own?.id}`))).toEqual([404, 'NOT_FOUND']);
  expect((await send(app, here, 'delete', `/me/sessions/${other?.id}`)).status).toBe(204);
  expect(await isIn(there)).toBe(false);
  expect(refusal(await send(app, here, 'delete', `/me/sessions/${other?.id}`))).toEqual([404, 'NOT_FOUND']);

  const ended = await send(app, here, 'delete', `/me/sessions/${own?.id}`);
  expect([ended.status, String(ended.headers['set-cookie'])]).toEqual([
    204,
    expect.stringMatching(/Max-Age=0/),
  ]);
  expect(await isIn(here)).toBe(false);
});

it('that have ended, or idled too long, are not listed', async () => {
  const eve = await addPerson(app, 'eve@example.com');
  const browsers = [await signIn(app, eve), await signIn(app, eve), await signIn(app, eve)];
  const [here] = browsers as [SignedInBrowser];
  const ids = await app.sql<{ id: string }>(
    'SELECT id FROM sessions WHERE member_id = $1 ORDER BY created_at DESC',
    [eve.uuid],
  );
  await app.sql(`UPDATE sessions SET last_seen_at = now() - interval '3 hours' WHERE id = $1`, [ids[0]?.id]);
  await app.sql(`UPDATE sessions SET expires_at = now() WHERE id = $1`, [ids[1]?.id]);
  expect((await list(here)).map(({ current }) => current)).toEqual([true]);
});

it('end all at once, with the cookie of the one that asks', async () => {
  const bob = await addPerson(app, 'bob@example.com');
  const [here, there] = [await signIn(app, bob), await signIn(app, bob)];
  const ended = await send(app, here, 'delete', '/me/sessions');
  expect([ended.status, String(ended.headers['set-cookie'])]).toEqual([
    204,
    expect.stringMatching(/Max-Age=0/),
  ]);
  expect([await isIn(here), await isIn(there)]).toEqual([false, false]);
});

it('are ended by an administrator, and by nobody of less or elsewhere', async () => {
  const carl = await addPerson(app, 'carl@example.com');
  const analyst = await signIn(app, await addPerson(app, 'analyst@example.com', 'analyst'));
  const admin = await signIn(app, await addPerson(app, 'admin@example.com', 'admin'));
  const foreign = await app.createKey({ role: 'admin' });
  const carls = await signIn(app, carl);
  const path = `/members/${carl.id}/sessions`;
  expect(refusal(await send(app, analyst, 'delete', path))).toEqual([403, 'PERMISSION_DENIED']);
  const byKey = await app.request.delete(`/api/v1${path}`).set('Authorization', `Bearer ${foreign.token}`);
  expect(refusal(byKey)).toEqual([404, 'NOT_FOUND']);
  expect(await isIn(carls)).toBe(true);
  expect((await send(app, admin, 'delete', path)).status).toBe(204);
  expect(await isIn(carls)).toBe(false);

  const [operator] = await app.sql<{ id: string }>('SELECT id FROM members WHERE operator');
  const ofOperator = `/members/${toPublicId('member', operator?.id ?? '')}/sessions`;
  expect(refusal(await send(app, admin, 'delete', ofOperator))).toEqual([403, 'PERMISSION_DENIED']);
});

it('are fifty at most: the oldest makes room', async () => {
  const dora = await addPerson(app, 'dora@example.com');
  await app.sql(
    `INSERT INTO sessions (id, member_id, digest, csrf_digest, created_at, expires_at)
     SELECT gen_random_uuid(), $1, sha256(n::text::bytea), '', now() - make_interval(mins => n), now() + interval '1 hour'
     FROM generate_series(1, 50) AS n`,
    [dora.uuid],
  );
  const here = await signIn(app, dora);
  const [rows] = await app.sql<{ count: number; oldest: boolean }>(
    `SELECT count(*)::integer AS count, min(created_at) > now() - interval '50 minutes' AS oldest
     FROM sessions WHERE member_id = $1`,
    [dora.uuid],
  );
  expect(rows).toEqual({ count: 50, oldest: true });
  expect(await isIn(here)).toBe(true);
});

it('are not for keys', async () => {
  const { token } = await app.createKey({ role: 'admin' });
  const byKey = await app.request.get('/api/v1/me/sessions').set('Authorization', `Bearer ${token}`);
  expect(refusal(byKey)).toEqual([404, 'NOT_FOUND']);
});
