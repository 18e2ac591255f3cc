import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../members/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { documentOf, failureOf, gatehouse, gatehouseHere } from './gatehouse.js';

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

const EMAIL = 'ada@example.org';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const run = (...args: string[]) => documentOf<View>(gatehouseHere(app.database, [...args, '--json']));
const fail = (...args: string[]) => failureOf(gatehouseHere(app.database, [...args, '--json']));
const signIn = async (email: string, password: string) =>
  (await app.request.post('/api/v1/session').send({ email, password })).status;

describe('gatehouse members', () => {
  it('invites somebody with a link that works', async () => {
    const invited = await run('members', 'invite', EMAIL, '--role', 'analyst', '--name', 'Ada');
    expect(invited.link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/invitation#token=[\w-]{43}$/);
    const token = new URL(invited.link).hash.slice('#token='.length);
    const joined = await app.request.post('/api/v1/invitations/accept').send({ token, password: PASSWORD });
    expect(joined.status).toBe(201);
    expect(await signIn(EMAIL, PASSWORD)).toBe(200);
  });

  it('gives another role, disables and enables, and shows it', async () => {
    expect(await run('members', 'set-role', EMAIL, 'admin')).toMatchObject({ role: { name: 'admin' } });
    const disabled = await run('members', 'disable', EMAIL.toUpperCase());
    expect(disabled.status).toBe('disabled');
    expect(await signIn(EMAIL, PASSWORD)).toBe(401);
    expect((await run('members', 'enable', disabled.id)).status).toBe('active');
    const listed = await gatehouse(app.database, ['members', 'list', '--search', 'ADA', '--role', 'admin']);
    expect(listed.stdout).toContain(disabled.id);
    expect(listed.stdout).toContain('1 member.');
  });

  it('deletes after asking; the change log names the command line', async () => {
    expect(await fail('members', 'delete', EMAIL)).toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
    await run('members', 'delete', EMAIL, '--yes');
    expect(await fail('members', 'show', EMAIL)).toMatchObject({ code: 'NOT_FOUND' });
    const reasons = await app.sql<{ reason: string }>(
      `SELECT DISTINCT reason FROM change_log WHERE entity = 'member' AND actor_id = 'cli' ORDER BY reason`,
    );
    expect(reasons.map(({ reason }) => reason)).toEqual(
      ['delete', 'disable', 'enable', 'set-role'].map((command) => `gatehouse members ${command}`),
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
  const email = 'first@customer.example';
  let customer: View;

  it('make a customer whose first administrator can sign in', async () => {
    const args = ['--name', 'Customer', '--plan', 'pro', '--admin', email];
    customer = await run('organizations', 'create', ...args);
    expect(customer.stores.map(({ kind }) => kind).sort()).toEqual(['live', 'sandbox']);
    expect(await signIn(email, customer.admin.password)).toBe(200);
    expect(await fail('organizations', 'create', ...args)).toMatchObject({ code: 'CONFLICT' });
  });

  it('change, suspend and resume it', async () => {
    const limits = ['--hour', '7', '--day', 'none', '--highest-level', 'write'];
    const changed = await run('organizations', 'update', customer.id, '--plan', 'agency', ...limits);
    expect(changed).toMatchObject({
      plan: 'agency',
      limits: { hour: 7, day: null, pollSeconds: 'plan', highestLevel: 'write' },
    });
    expect((await run('organizations', 'suspend', customer.id)).status).toBe('suspended');
    expect(await signIn(email, customer.admin.password)).toBe(403);
    expect((await run('organizations', 'resume', customer.id)).status).toBe('active');
    const history = await gatehouseHere(app.database, ['organizations', 'history', customer.id]);
    expect(history.stdout.split('\n').map((line) => line.replace(/^.*?\) +/, '').trim())).toEqual([
      expect.stringMatching(/^AT +BY +CHANGE$/),
      expect.stringMatching(/^system cli +status suspended → active$/),
      expect.stringMatching(/^system cli +status active → suspended$/),
      expect.stringMatching(
        /^system cli +plan pro → agency, hour plan → 7, day plan → none, highestLevel plan → write$/,
      ),
      expect.stringMatching(/^system cli +plan none → pro, status none → active$/),
      '',
      '4 changes.',
      '',
    ]);
    const listed = await gatehouseHere(app.database, ['organizations', 'list']);
    expect(listed.stdout).toContain('2 organizations.');
    expect(await fail('organizations', 'suspend', 'org_x')).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('manage its stores', async () => {
    expect(await fail('stores', 'create', '--name', 'X')).toMatchObject({ code: 'ORGANIZATION_REQUIRED' });
    const store = await run('stores', 'create', '--name', 'Second', '--organization', customer.id);
    expect((await run('stores', 'rename', store.id, 'Renamed')).name).toBe('Renamed');
    const sandbox = await run('stores', 'create-sandbox', store.id);
    expect(await fail('stores', 'reset', store.id, '--yes')).toMatchObject({ code: 'CONFLICT' });
    const reset = await run('stores', 'reset', sandbox.id, '--yes');
    expect(reset.cleared).toMatchObject({ campaigns: 0, quota: 1 });
    const stores = await gatehouseHere(app.database, ['stores', 'list', '--organization', customer.id]);
    expect(stores.stdout).toContain('4 stores.');
  });

  it('take a password from standard input, and do not print it', async () => {
    const args = ['organizations', 'create', '--name', 'Other', '--plan', 'pro', '--admin', 'b@example.org'];
    const stdin = 'correct horse battery staple\n';
    const { code, stdout } = await gatehouse(app.database, [...args, '--password-stdin'], { stdin });
    expect([code, stdout.includes('horse')]).toEqual([0, false]);
    expect(await signIn('b@example.org', stdin.trim())).toBe(200);
  });
});
