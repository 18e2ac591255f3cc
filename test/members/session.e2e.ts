import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { startTestApp, type TestApp } from '../support/test-app.js';

const SESSION = '/api/v1/session';
const ME = '/api/v1/me';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** Signs in; by default as the first admin. */
async function signIn(body: object = app.admin): Promise<Response> {
  return app.request.post(SESSION).send(body);
}

/** A member of the admin's organization with the role read-only and the admin's password. */
async function addMember(
  email: string,
  status: 'active' | 'disabled' = 'active',
  withPassword = true,
): Promise<void> {
  await app.sql(
    `INSERT INTO members (id, organization_id, role_id, email, name, password_hash, status)
     SELECT gen_random_uuid(), m.organization_id, r.id, $1, 'Ada', CASE WHEN $2 THEN m.password_hash END, $3
     FROM members m, roles r WHERE m.email = $4 AND r.name = 'read-only'`,
    [email, withPassword, status, app.admin.email],
  );
}

function setCookie(response: Response): string {
  const header: unknown = response.headers['set-cookie'];
  if (!Array.isArray(header) || typeof header[0] !== 'string') throw new Error('The answer sets no cookie.');
  return header[0];
}

function code(response: Response): unknown {
  return (response.body as { error?: { code?: unknown } }).error?.code;
}

describe('signing in', () => {
  it('answers who it is and gives a cookie that scripts and other sites cannot have', async () => {
    const response = await signIn({ ...app.admin, email: app.admin.email.toUpperCase() });
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      member: {
        id: expect.stringMatching(/^mem_[0-9a-z]{26}$/),
        email: app.admin.email,
        name: expect.any(String),
        operator: true,
        role: { id: expect.stringMatching(/^rol_/), name: 'admin' },
        organization: { id: expect.stringMatching(/^org_/), name: expect.any(String) },
      },
      csrfToken: expect.stringMatching(/^[\w-]{43}$/),
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    const { expiresAt } = response.body as { expiresAt: string };
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 12 * 3_600_000)).toBeLessThan(60_000);
    expect(setCookie(response)).toMatch(
      /^gatehouse_session_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it('stores neither the cookie nor the CSRF token', async () => {
    const { cookie, csrfToken } = await app.signIn();
    const token = cookie.slice(cookie.indexOf('=') + 1);
    const rows = await app.sql('SELECT digest, csrf_digest FROM sessions');
    const stored =
      JSON.stringify(rows) +
      rows
        .map((row) =>
          Object.values(row as object)
            .map(String)
            .join(),
        )
        .join();
    expect(rows.length).toBeGreaterThan(0);
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(csrfToken);
  });

  it('gives one answer to every wrong pair', async () => {
    await addMember('disabled@example.com', 'disabled');
    await addMember('invited@example.com', 'active', false);
    const { password } = app.admin;
    const failures = [
      await signIn({ ...app.admin, password: `${password}x` }),
      await signIn({ ...app.admin, password: '' }),
      await signIn({ email: 'nobody@example.com', password }),
      await signIn({ email: 'disabled@example.com', password }),
      await signIn({ email: 'invited@example.com', password }),
    ];
    const told = failures.map(({ status, headers, body }) => {
      const { requestId: _, ...error } = (body as { error: Record<string, unknown> }).error;
      const { date: _date, 'x-request-id': _id, ...rest } = headers as Record<string, unknown>;
      return { status, error, rest };
    });
    expect(told[0]).toMatchObject({ status: 401, error: { code: 'SIGN_IN_FAILED' } });
    expect(told[0]?.rest).toHaveProperty('www-authenticate');
    expect(told[0]?.rest).not.toHaveProperty('set-cookie');
    for (const one of told) expect(one).toEqual(told[0]);
  });

  it('refuses what is no pair of texts, and a password that bcrypt would cut', async () => {
    for (const body of [
      {},
      { email: app.admin.email },
      { ...app.admin, password: 7 },
      { ...app.admin, more: 1 },
    ]) {
      expect(code(await signIn(body))).toBe('INVALID_INPUT');
    }
    const long = await signIn({ ...app.admin, password: 'x'.repeat(73) });
    expect([long.status, code(long)]).toEqual([400, 'INVALID_INPUT']);
    expect(JSON.stringify(long.body)).not.toContain('xxx');
  });

  it('takes JSON alone, and from no other origin', async () => {
    const form = await app.request.post(SESSION).type('form').send(app.admin);
    expect([form.status, code(form)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    for (const origin of ['http://evil.example', 'null']) {
      const foreign = await app.request.post(SESSION).set('Origin', origin).send(app.admin);
      expect([foreign.status, code(foreign)]).toEqual([403, 'CSRF_TOKEN_INVALID']);
      expect(foreign.headers).not.toHaveProperty('set-cookie');
    }
    const own = await app.request
      .post(SESSION)
      .set('Host', 'here.test:1')
      .set('Origin', 'http://here.test:1')
      .send(app.admin);
    expect(own.status).toBe(200);
  });

  it('is not for members of a suspended organization; operators get in', async () => {
    await addMember('shut-out@example.com');
    const credentials = { email: 'shut-out@example.com', password: app.admin.password };
    const before = await signIn(credentials);
    expect(before.status).toBe(200);
    const cookie = setCookie(before).split(';')[0] ?? '';
    const suspend = (status: string) =>
      app.sql(
        `UPDATE organizations SET status = $1
         WHERE id = (SELECT organization_id FROM members WHERE email = $2)`,
        [status, app.admin.email],
      );
    await suspend('suspended');
    try {
      const after = await signIn(credentials);
      expect([after.status, code(after)]).toEqual([403, 'ORGANIZATION_SUSPENDED']);
      expect(code(await app.request.get(ME).set('Cookie', cookie))).toBe('ORGANIZATION_SUSPENDED');
      expect(code(await signIn({ ...credentials, password: 'wrong' }))).toBe('SIGN_IN_FAILED');
      expect((await signIn()).status).toBe(200);
    } finally {
      await suspend('active');
    }
    expect((await app.request.get(ME).set('Cookie', cookie)).status).toBe(200);
  });

  it('can be ended by members of a suspended organization, and does nothing else for them', async () => {
    await addMember('leaves@example.com');
    const before = await signIn({ email: 'leaves@example.com', password: app.admin.password });
    const cookie = setCookie(before).split(';')[0] ?? '';
    const { csrfToken } = before.body as { csrfToken: string };
    const send = (method: 'get' | 'delete', path: string, token = csrfToken) =>
      app.request[method](path).set('Cookie', cookie).set('X-CSRF-Token', token);
    const suspend = (status: string) =>
      app.sql(
        'UPDATE organizations SET status = $1 WHERE id = (SELECT organization_id FROM members WHERE email = $2)',
        [status, app.admin.email],
      );
    await suspend('suspended');
    try {
      for (const [method, path] of [
        ['get', ME],
        ['get', `${ME}/sessions`],
        ['delete', `${ME}/sessions`],
      ] as const)
        expect(code(await send(method, path))).toBe('ORGANIZATION_SUSPENDED');
      expect(code(await send('delete', SESSION, 'wrong'))).toBe('CSRF_TOKEN_INVALID');
      const ended = await send('delete', SESSION);
      expect(ended.status).toBe(204);
      expect(setCookie(ended)).toMatch(/=;.*Max-Age=0/);
      expect(code(await send('delete', SESSION))).toBe('SESSION_INVALID');
    } finally {
      await suspend('active');
    }
    expect(code(await send('get', ME))).toBe('SESSION_INVALID');
  });
});

describe('a session', () => {
  let cookie: string;
  let csrfToken: string;

  beforeEach(async () => {
    await app.sql('DELETE FROM sessions');
    ({ cookie, csrfToken } = await app.signIn());
  });

  const me = () => app.request.get(ME).set('Cookie', cookie);
  const signOut = () => app.request.delete(SESSION).set('Cookie', cookie);

  it('reads without a CSRF token, and changes nothing without the right one', async () => {
    expect((await me()).status).toBe(200);
    const other = await app.signIn();
    const refused = [
      await signOut(),
      await signOut().set('X-CSRF-Token', ''),
      await signOut().set('X-CSRF-Token', 'A'.repeat(43)),
      await signOut().set('X-CSRF-Token', other.csrfToken),
      await signOut().set('X-CSRF-Token', csrfToken).set('Origin', 'http://evil.example'),
    ];
    expect(refused.map((response) => [response.status, code(response)])).toEqual(
      refused.map(() => [403, 'CSRF_TOKEN_INVALID']),
    );
    expect((await me()).status).toBe(200);
  });

  it('ends at sign-out, cookie and row', async () => {
    const other = await app.signIn();
    const response = await signOut().set('X-CSRF-Token', csrfToken);
    expect(response.status).toBe(204);
    const name = cookie.slice(0, cookie.indexOf('='));
    expect(setCookie(response)).toBe(`${name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`);
    const after = await me();
    expect([after.status, code(after)]).toEqual([401, 'SESSION_INVALID']);
    expect(await app.sql('SELECT 1 FROM sessions')).toHaveLength(1);
    expect((await app.request.get(ME).set('Cookie', other.cookie)).status).toBe(200);
  });

  it('ends at its end, whatever the browser keeps', async () => {
    await app.sql(`UPDATE sessions SET expires_at = now() - interval '1 second'`);
    expect(code(await me())).toBe('SESSION_INVALID');
  });

  it('ends after two idle hours, and use keeps it from idling', async () => {
    await app.sql(`UPDATE sessions SET last_seen_at = now() - interval '119 minutes'`);
    expect((await me()).status).toBe(200);
    const [touched] = await app.sql<{ at: Date; recent: boolean }>(
      `SELECT last_seen_at AS at, last_seen_at > now() - interval '1 minute' AS recent FROM sessions`,
    );
    expect(touched?.recent).toBe(true);
    expect((await me()).status).toBe(200);
    expect(await app.sql(`SELECT last_seen_at AS at FROM sessions`)).toEqual([{ at: touched?.at }]);
    await app.sql(`UPDATE sessions SET last_seen_at = now() - interval '121 minutes'`);
    expect(code(await me())).toBe('SESSION_INVALID');
  });

  it('is nothing that one could guess or forge', async () => {
    const name = cookie.slice(0, cookie.indexOf('='));
    for (const value of ['A'.repeat(43), 'x', '%00', csrfToken]) {
      expect(code(await app.request.get(ME).set('Cookie', `${name}=${value}`))).toBe('SESSION_INVALID');
    }
    expect(code(await app.request.get(ME).set('Cookie', `${name}x=${cookie}`))).toBe('KEY_MISSING');
  });

  it('ends with its member: disabled now, refused now', async () => {
    await addMember('leaving@example.com');
    const response = await signIn({ email: 'leaving@example.com', password: app.admin.password });
    const leaving = () => app.request.get(ME).set('Cookie', setCookie(response).split(';')[0] ?? '');
    expect((await leaving()).status).toBe(200);
    await app.sql(`UPDATE members SET status = 'disabled' WHERE email = 'leaving@example.com'`);
    expect(code(await leaving())).toBe('SESSION_INVALID');
  });

  it('follows its member’s role at once', async () => {
    await addMember('promoted@example.com');
    const response = await signIn({ email: 'promoted@example.com', password: app.admin.password });
    const level = async () => {
      const answer = await app.request.get(ME).set('Cookie', setCookie(response).split(';')[0] ?? '');
      return (answer.body as { permissions: Record<string, string> }).permissions['content.campaigns'];
    };
    expect(await level()).toBe('read');
    await app.sql(
      `UPDATE members SET role_id = (SELECT id FROM roles WHERE name = 'read-write')
       WHERE email = 'promoted@example.com'`,
    );
    expect(await level()).toBe('write');
  });

  it('shows its organization’s quota and never uses it', async () => {
    const ledger = () => app.sql('SELECT * FROM quota_ledger ORDER BY subject');
    const before = await ledger();
    const first = await me();
    const second = await me();
    expect(first.headers['x-ratelimit-limit']).toMatch(/^\d+$/);
    expect(second.headers['x-ratelimit-remaining']).toBe(first.headers['x-ratelimit-remaining']);
    expect(await ledger()).toEqual(before);
  });
});
