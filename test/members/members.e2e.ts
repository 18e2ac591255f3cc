import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MembersService, SessionAuthenticator } from '../../src/members/index.js';
import { Database } from '../../src/platform/database/index.js';
import { AppError } from '../../src/platform/errors/index.js';
import type { MemberPrincipal } from '../../src/platform/http/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const SYSTEM = { actor: { type: 'system', id: 'test' } } as const;
const PASSWORD = 'a long enough one';

let app: TestApp;
let members: MembersService;
let database: Database;
let organizationId: string;

beforeAll(async () => {
  app = await startTestApp();
  members = app.get(MembersService);
  database = app.get(Database);
  const admin = await members.findByEmail(app.admin.email);
  organizationId = admin?.organizationId ?? '';
});
afterAll(() => app.close());

async function roleId(name: string): Promise<string> {
  const [role] = await app.sql<{ id: string }>('SELECT id FROM roles WHERE name = $1', [name]);
  return role?.id ?? '';
}

async function create(
  email: string,
  { password = PASSWORD, ...changes }: { roleId?: string; password?: string | null } = {},
): Promise<string> {
  const member = {
    organizationId,
    roleId: await roleId('read-only'),
    email,
    name: 'Ada',
    passwordHash: password === null ? null : await members.hash(password, { email, name: 'Ada' }),
  };
  return database.write(SYSTEM, (tx) => members.create(tx, { ...member, operator: false, ...changes }));
}

const signIn = (email: string, password: string) =>
  app.request.post('/api/v1/session').send({ email, password });

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  return error instanceof AppError ? error.code : `no refusal: ${String(error)}`;
}

describe('adding a member', () => {
  it('takes an address in any case, once', async () => {
    const id = await create(' Grace@Example.COM ');
    expect(await members.findByEmail('grace@EXAMPLE.com')).toMatchObject({ id, email: 'grace@example.com' });
    expect(await codeOf(create('GRACE@example.com'))).toBe('CONFLICT');
    expect((await signIn('grace@example.com', PASSWORD)).status).toBe(200);
  });

  it('refuses what is no address, no password, and a role of somebody else', async () => {
    const [foreign] = await app.sql<{ id: string }>(
      `WITH o AS (
         INSERT INTO organizations (id, name, plan_id)
         SELECT gen_random_uuid(), 'Other', plan_id FROM organizations LIMIT 1 RETURNING id
       )
       INSERT INTO roles (id, organization_id, name, grants)
       SELECT gen_random_uuid(), o.id, 'theirs', '{}' FROM o RETURNING id`,
    );
    expect(await codeOf(create('no address'))).toBe('INVALID_INPUT');
    expect(await codeOf(create('short@example.com', { password: 'elevenbytes' }))).toBe('INVALID_INPUT');
    expect(await codeOf(create('long@example.com', { password: 'x'.repeat(73) }))).toBe('INVALID_INPUT');
    expect(await codeOf(create('foreign@example.com', { roleId: foreign?.id }))).toBe('INVALID_INPUT');
    expect(await app.sql(`SELECT 1 FROM members WHERE email ~ '^(no|short|long|foreign)'`)).toEqual([]);
  });

  it('never shows the hash: neither to who finds the member nor to the change log', async () => {
    const id = await create('hidden@example.com');
    expect(await members.findByEmail('hidden@example.com')).not.toHaveProperty('passwordHash');
    const changes = await app.sql<{ after: object }>(
      `SELECT after FROM change_log WHERE entity = 'member' AND entity_id = $1`,
      [id],
    );
    expect(changes).toHaveLength(1);
    expect(changes[0]?.after).toHaveProperty('email');
    expect(changes[0]?.after).not.toHaveProperty('password_hash');
  });
});

describe('a new password', () => {
  it('replaces the old one and ends every session', async () => {
    const id = await create('renewed@example.com');
    const before = await signIn('renewed@example.com', PASSWORD);
    await database.write(SYSTEM, (tx) => members.setPassword(tx, id, `${PASSWORD} 2`));
    expect(await app.sql('SELECT 1 FROM sessions WHERE member_id = $1', [id])).toEqual([]);
    const cookie = before.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await app.request.get('/api/v1/me').set('Cookie', cookie)).status).toBe(401);
    expect((await signIn('renewed@example.com', PASSWORD)).status).toBe(401);
    expect((await signIn('renewed@example.com', `${PASSWORD} 2`)).status).toBe(200);
  });

  it('lets no session in that a sign-in with the old one was about to open', async () => {
    const id = await create('racing@example.com');
    const attempt = await database.write(SYSTEM, async (tx) => {
      await members.setPassword(tx, id, `${PASSWORD} 2`);
      const signingIn = signIn('racing@example.com', PASSWORD).then((response) => response.status);
      await signInWaits();
      return { signingIn };
    });
    expect(await attempt.signingIn).toBe(401);
    expect(await app.sql('SELECT 1 FROM sessions WHERE member_id = $1', [id])).toEqual([]);
  });

  it('is refused for nobody, and outside 12 to 72 bytes', async () => {
    const id = await create('kept@example.com');
    const set = (memberId: string, password: string) =>
      database.write(SYSTEM, (tx) => members.setPassword(tx, memberId, password));
    expect(await codeOf(set('01900000-0000-7000-8000-00000000ffff', PASSWORD))).toBe('NOT_FOUND');
    expect(await codeOf(set(id, 'x'.repeat(73)))).toBe('INVALID_INPUT');
    expect((await signIn('kept@example.com', PASSWORD)).status).toBe(200);
  });
});

describe('looking at a member again inside a transaction', () => {
  const email = 'actor@example.com';
  let principal: MemberPrincipal;

  beforeAll(async () => {
    await create(email);
  });

  beforeEach(async () => {
    await signIn(email, PASSWORD);
    const [row] = await app.sql<{ id: string; sessionId: string; roleId: string }>(
      `SELECT m.id, s.id AS "sessionId", m.role_id AS "roleId" FROM members m JOIN sessions s ON s.member_id = m.id
       WHERE m.email = $1 ORDER BY s.created_at DESC LIMIT 1`,
      [email],
    );
    if (!row) throw new Error('The member has no session.');
    principal = {
      ...row,
      kind: 'member',
      name: 'Ada',
      email,
      operator: false,
      organizationId,
      organizationName: '',
      roleVersion: 1,
      roleName: '',
      effective: () => ({ level: 'admin', role: 'admin', key: null, plan: null }),
    };
  });

  const recheck = () => database.write(SYSTEM, (tx) => app.get(SessionAuthenticator).recheck(tx, principal));

  it('finds the rights it has now', async () => {
    expect((await recheck()).effective('content.campaigns').level).toBe('read');
    await app.sql('UPDATE members SET role_id = $1 WHERE email = $2', [await roleId('read-write'), email]);
    const now = await recheck();
    expect(now.effective('content.campaigns').level).toBe('write');
    expect(now).toMatchObject({ id: principal.id, sessionId: principal.sessionId, roleName: 'read-write' });
  });

  it('holds organization, role and member as they are until the transaction ends', async () => {
    const rows = [
      ['organizations', principal.organizationId],
      ['roles', principal.roleId],
      ['members', principal.id],
    ] as const;
    const update = async ([table, id]: (typeof rows)[number]) =>
      app.sql(`SELECT 1 FROM ${table} WHERE id = $1 FOR NO KEY UPDATE NOWAIT`, [id]).then(
        () => 'free',
        () => `${table} held`,
      );
    const during = await database.write(SYSTEM, async (tx) => {
      await app.get(SessionAuthenticator).recheck(tx, principal);
      return Promise.all(rows.map(update));
    });
    expect(during).toEqual(['organizations held', 'roles held', 'members held']);
    expect(await Promise.all(rows.map(update))).toEqual(['free', 'free', 'free']);
  });

  it('refuses a member that was disabled, and one whose session has ended', async () => {
    await app.sql(`UPDATE members SET status = 'disabled' WHERE email = $1`, [email]);
    expect(await codeOf(recheck())).toBe('SESSION_INVALID');
    await app.sql(`UPDATE members SET status = 'active' WHERE email = $1`, [email]);
    await recheck();
    await app.sql('DELETE FROM sessions WHERE id = $1', [principal.sessionId]);
    expect(await codeOf(recheck())).toBe('SESSION_INVALID');
  });
});

/** Resolves once a sign-in has checked its password and waits for the member's row. */
async function signInWaits(): Promise<void> {
  for (;;) {
    const waiting = await app.sql(
      `SELECT 1 FROM pg_stat_activity
       WHERE wait_event_type = 'Lock' AND query LIKE '%INTO sessions%' AND datname = current_database()`,
    );
    if (waiting.length > 0) return;
  }
}
