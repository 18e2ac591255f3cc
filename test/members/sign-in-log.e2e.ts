import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { startTestApp, type TestApp } from '../support/test-app.js';

const SESSION = '/api/v1/session';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface LogRow {
  status: number;
  email: string | null;
  reason: string | null;
  error_code: string | null;
}

function signInRows(): Promise<LogRow[]> {
  return app.sql<LogRow>(
    `SELECT l.status, m.email, l.reason, l.error_code
     FROM request_log l LEFT JOIN members m ON m.id = l.member_id
     WHERE l.method = 'POST' AND l.path = $1 ORDER BY l.request_id`,
    [SESSION],
  );
}

describe('the log of sign-ins', () => {
  it('tells who got in, and why others did not', async () => {
    await app.request.post(SESSION).send(app.admin);
    await app.request.post(SESSION).send({ ...app.admin, password: 'wrong' });
    await app.request.post(SESSION).send({ email: 'nobody@example.com', password: 'wrong' });
    const failed = { status: 401, email: null, error_code: 'SIGN_IN_FAILED' };
    expect((await signInRows()).slice(-3)).toEqual([
      { status: 200, email: app.admin.email, reason: null, error_code: null },
      { ...failed, reason: 'wrong password' },
      { ...failed, reason: 'unknown address' },
    ]);
  });

  it('holds no password, cookie or CSRF token, in no column', async () => {
    const guess = 'a-password-that-is-wrong';
    await app.request.post(SESSION).send({ ...app.admin, password: guess });
    const { cookie, csrfToken } = await app.signIn();
    await app.request.get('/api/v1/me').set('Cookie', cookie);
    await app.request.delete(SESSION).set('Cookie', cookie).set('X-CSRF-Token', 'wrong');
    await app.request.delete(SESSION).set('Cookie', cookie).set('X-CSRF-Token', csrfToken);
    const rows = await app.sql<{ text: string }>('SELECT l::text AS text FROM request_log l');
    const log = rows.map((row) => row.text).join('\n');
    expect(rows.length).toBeGreaterThanOrEqual(5);
    for (const secret of [guess, app.admin.password, cookie.slice(cookie.indexOf('=') + 1), csrfToken]) {
      expect(log).not.toContain(secret);
    }
  });
});

describe('guessing passwords', () => {
  it('ends after 60 failures within a minute: 429 until the address has waited', async () => {
    // each for another e-mail address: those are counted too, and locked sooner
    let addresses = 0;
    const guess = (password: string) => {
      addresses += 1;
      return app.request.post(SESSION).send({ email: `nobody-${addresses}@example.com`, password });
    };
    const failed: Response[] = [];
    while (failed.length < 61) {
      // no more at once than bcrypt takes
      const batch = await Promise.all(Array.from({ length: 10 }, () => guess('wrong password')));
      const refused = batch.filter((response) => response.status === 401);
      failed.push(...refused);
      if (refused.length < batch.length) break;
    }
    expect(failed.length).toBeGreaterThanOrEqual(60);
    const right = () => app.request.post(SESSION).send(app.admin);
    for (const blocked of [await guess('wrong password'), await right()]) {
      expect(blocked.status).toBe(429);
      expect(blocked.body).toMatchObject({ error: { code: 'TOO_MANY_FAILED_ATTEMPTS' } });
      const seconds = Number(blocked.headers['retry-after']);
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds).toBeLessThanOrEqual(60);
    }
  });

  it('blocks no key and no session behind the same address', async () => {
    const key = await app.createKey({ role: 'read-only' });
    const response = await app.request.get('/api/v1/me').set('Authorization', `Bearer ${key.token}`);
    expect(response.status).toBe(200);
  });
});
