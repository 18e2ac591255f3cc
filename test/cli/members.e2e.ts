import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../members/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { documentOf, failureOf, gatehouse } from './gatehouse.js';

interface View {
  id: string;
  name: string;
  status: string;
  link: string;
  role: { name: string };
  stores: { id: string; kind: string }[];
  limits: Record<string, unknown>;
  admin: { password: string };
  cleared: Record<string, number>;
}

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const run = (...args: string[]) => documentOf<View>(gatehouse(app.database, [...args, '--json']));
const fail = (...args: string[]) => failureOf(gatehouse(app.database, [...args, '--json']));
const signIn = async (email: string, password: string) =>
  (await app.request.post('/api/v1/session').send({ email, password })).status;

describe('gatehouse members', () => {
  it('invites, changes and removes people; their change rows name the command line', async () => {
    const email = 'ada@example.org';
    const invited = await run('members', 'invite', email, '--role', 'analyst', '--name', 'Ada');
    expect(invited.link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/invitation#token=[\w-]{43}$/);
    const token = new URL(invited.link).hash.slice('#token='.length);
    const joined = await app.request.post('/api/v1/invitations/accept').send({ token, password: PASSWORD });
    expect(joined.status).toBe(201);
    expect(await signIn(email, PASSWORD)).toBe(200);

    expect(await run('members', 'set-role', email, 'admin')).toMatchObject({ role: { name: 'admin' } });
    const disabled = await run('members', 'disable', 'ADA@example.org');
    expect(disabled.status).toBe('disabled');
    expect(await signIn(email, PASSWORD)).toBe(401);
    expect((await run('members', 'enable', disabled.id)).status).toBe('active');
    expect(await run('members', 'show', email)).toMatchObject({
      id: disabled.id,
      name: 'Ada',
      status: 'active',
    });
    const listed = await gatehouse(app.database, ['members', 'list', '--search', 'ADA', '--role', 'admin']);
    expect(listed.stdout).toContain(disabled.id);
    expect(listed.stdout).toContain('1 member.');

    expect(await fail('members', 'delete', email)).toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
    await run('members', 'delete', email, '--yes');
    expect(await fail('members', 'show', email)).toMatchObject({ code: 'NOT_FOUND' });
    const actors = await app.sql(
      `SELECT DISTINCT actor_id, reason FROM change_log WHERE entity = 'member' AND actor_id = 'cli' ORDER BY reason`,
    );
    expect(actors).toEqual(
      ['delete', 'disable', 'enable', 'set-role'].map((command) => ({
        actor_id: 'cli',
        reason: `gatehouse members ${command}`,
      })),
    );
  });

  it('keeps the last administrator, whoever runs it', async () => {
    for (const args of [
      ['set-role', app.admin.email, 'read-only'],
      ['delete', app.admin.email, '--yes'],
    ])
      expect(await fail('members', ...args)).toMatchObject({ code: 'LAST_ADMIN' });
    expect(await signIn(app.admin.email, app.admin.password)).toBe(200);
  });

  it('says what is wrong in the words of its options', async () => {
    expect(await fail('members', 'invite', 'nobody', '--role', 'analyst')).toEqual({
      code: 'INVALID_INPUT',
      message: 'the address must be an e-mail address',
    });
    expect(await fail('members', 'list', '--status', 'gone')).toMatchObject({
      message: '--status must be one of active, disabled',
    });
  });
});

describe('gatehouse organizations and stores', () => {
  it('make, change, suspend and resume a customer, and manage its stores', async () => {
    const email = 'first@customer.example';
    const args = ['--name', 'Customer', '--plan', 'pro', '--admin', email];
    const made = await run('organizations', 'create', ...args);
    expect(made.stores.map(({ kind }) => kind).sort()).toEqual(['live', 'sandbox']);
    expect(await signIn(email, made.admin.password)).toBe(200);
    expect(await fail('organizations', 'create', ...args)).toMatchObject({ code: 'CONFLICT' });

    const changed = await run(
      'organizations',
      'update',
      made.id,
      ...['--plan', 'agency', '--hour', '7', '--day', 'none', '--highest-level', 'write'],
    );
    expect(changed).toMatchObject({
      plan: 'agency',
      limits: { hour: 7, day: null, pollSeconds: 'plan', highestLevel: 'write' },
    });
    expect((await run('organizations', 'suspend', made.id)).status).toBe('suspended');
    expect(await signIn(email, made.admin.password)).toBe(403);
    expect((await run('organizations', 'resume', made.id)).status).toBe('active');
    const listed = await gatehouse(app.database, ['organizations', 'list']);
    expect(listed.stdout).toContain('2 organizations.');

    expect(await fail('stores', 'create', '--name', 'X')).toMatchObject({ code: 'ORGANIZATION_REQUIRED' });
    const store = await run('stores', 'create', '--name', 'Second', '--organization', made.id);
    expect((await run('stores', 'rename', store.id, 'Renamed')).name).toBe('Renamed');
    const sandbox = await run('stores', 'create-sandbox', store.id);
    expect(await fail('stores', 'create-sandbox', store.id)).toMatchObject({ code: 'CONFLICT' });
    expect(await fail('stores', 'reset', store.id, '--yes')).toMatchObject({ code: 'CONFLICT' });
    expect((await run('stores', 'reset', sandbox.id, '--yes')).cleared).toMatchObject({
      campaigns: 0,
      quota: 1,
    });
    const stores = await gatehouse(app.database, ['stores', 'list', '--organization', made.id]);
    expect(stores.stdout).toContain('4 stores.');
    expect(await fail('organizations', 'suspend', 'org_x')).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('take a password from standard input, and do not print it', async () => {
    const args = ['organizations', 'create', '--name', 'Other', '--plan', 'pro', '--admin', 'b@example.org'];
    const stdin = 'correct horse battery staple\n';
    const { code, stdout } = await gatehouse(app.database, [...args, '--password-stdin'], { stdin });
    expect([code, stdout.includes('horse')]).toEqual([0, false]);
    expect(await signIn('b@example.org', stdin.trim())).toBe(200);
  });
});
