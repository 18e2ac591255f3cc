import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { documentOf, failureOf, gatehouse, gatehouseHere } from './gatehouse.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

async function signInWith(password: string): Promise<number> {
  const response = await app.request.post('/api/v1/session').send({ email: app.admin.email, password });
  return response.status;
}

async function passwordHash(): Promise<string | undefined> {
  const rows = await app.sql<{ hash: string }>('SELECT password_hash AS hash FROM members WHERE email = $1', [
    app.admin.email,
  ]);
  return rows[0]?.hash;
}

describe('gatehouse admin reset-password', () => {
  it('prints a password that works, ends the old one and every session', async () => {
    const { cookie } = await app.signIn();
    const me = () => app.request.get('/api/v1/me').set('Cookie', cookie);
    expect((await me()).status).toBe(200);
    const args = ['admin', 'reset-password', app.admin.email.toUpperCase(), '--json'];
    const document = await documentOf<{ email: string; password: string }>(gatehouse(app.database, args));
    expect(document).toMatchObject({
      email: app.admin.email,
      password: expect.stringMatching(/^[\w-]{16}$/),
    });
    expect((await me()).status).toBe(401);
    expect(await signInWith(app.admin.password)).toBe(401);
    expect(await signInWith(document.password)).toBe(200);
    const [change] = await app.sql<{ actor_id: string; reason: string; after: Record<string, unknown> }>(
      `SELECT actor_id, reason, after FROM change_log WHERE entity = 'member' AND action = 'update' ORDER BY id DESC LIMIT 1`,
    );
    expect(change).toMatchObject({ actor_id: 'cli', reason: 'gatehouse admin reset-password' });
    expect(change?.after).not.toHaveProperty('password_hash');
  });

  it('takes a password from standard input, and does not print it', async () => {
    const stdin = 'correct horse battery staple\n';
    const args = ['admin', 'reset-password', app.admin.email, '--password-stdin'];
    const { code, stdout, stderr } = await gatehouse(app.database, args, { stdin });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('horse');
    expect(await signInWith('correct horse battery staple')).toBe(200);
  });

  it('refuses a password that is too short, and an address that nobody has', async () => {
    const before = await passwordHash();
    const args = ['admin', 'reset-password', app.admin.email, '--password-stdin', '--json'];
    expect(await failureOf(gatehouse(app.database, args, { stdin: 'short\n' }))).toEqual({
      code: 'INVALID_INPUT',
      message: 'the password must have at least 12 bytes',
    });
    expect(
      await failureOf(gatehouseHere(app.database, ['admin', 'reset-password', 'no@body.example', '--json'])),
    ).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await passwordHash()).toBe(before);
  });
});

describe('gatehouse admin reset-second-factor', () => {
  it('takes it away, and says where there is none', async () => {
    await app.sql(
      `INSERT INTO member_totp (id, member_id, organization_id, secret, confirmed_at)
       SELECT gen_random_uuid(), id, organization_id, 'x', now() FROM members WHERE email = $1`,
      [app.admin.email],
    );
    const args = ['admin', 'reset-second-factor', app.admin.email, '--json'];
    expect(await documentOf(gatehouseHere(app.database, args))).toMatchObject({ email: app.admin.email });
    const [change] = await app.sql<{ actor_id: string; after: unknown; before: object }>(
      `SELECT actor_id, before, after FROM change_log WHERE entity = 'second_factor' ORDER BY id DESC LIMIT 1`,
    );
    expect(change).toMatchObject({ actor_id: 'cli', after: null });
    expect(change?.before).not.toHaveProperty('secret');
    expect(await failureOf(gatehouseHere(app.database, args))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('gatehouse admin sign-out', () => {
  it('ends every session', async () => {
    await app.sql(
      `INSERT INTO sessions (id, member_id, digest, csrf_digest, expires_at)
       SELECT gen_random_uuid(), id, 'x', 'x', now() + interval '1 hour' FROM members WHERE email = $1`,
      [app.admin.email],
    );
    const args = ['admin', 'sign-out', app.admin.email, '--json'];
    expect(await documentOf(gatehouseHere(app.database, args))).toMatchObject({ email: app.admin.email });
    expect(await app.sql('SELECT 1 FROM sessions')).toEqual([]);
  });
});
