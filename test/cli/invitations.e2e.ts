import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../members/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { documentOf, failureOf, gatehouseHere } from './gatehouse.js';

interface View {
  id: string;
  email: string;
  name: string;
  status: string;
  link: string;
  data: { id: string }[];
  stores: object[];
  role: { name: string };
}

const NEW_PASSWORD = 'correct horse battery staple';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const run = (...args: string[]) => documentOf<View>(gatehouseHere(app.database, [...args, '--json']));
const words = async (...args: string[]) => (await gatehouseHere(app.database, args)).stdout;
const fail = (...args: string[]) => failureOf(gatehouseHere(app.database, [...args, '--json']));
const tokenOf = (link: string) => new URL(link).hash.slice('#token='.length);
const accept = async (link: string) =>
  (
    await app.request
      .post('/api/v1/invitations/accept')
      .send({ token: tokenOf(link), password: PASSWORD, name: 'Ada' })
  ).status;
const signIn = async (email: string, password: string) =>
  (await app.request.post('/api/v1/session').send({ email, password })).status;

describe('gatehouse invitations', () => {
  it('lists, shows and renews them: the old link ends, the new one works', async () => {
    const first = await run('members', 'invite', 'ada@example.org', '--role', 'analyst');
    await run('members', 'invite', 'bob@example.org', '--role', 'admin');
    const renewed = await run('invitations', 'renew', first.id);
    expect(renewed).toMatchObject({ id: first.id, status: 'pending' });
    expect(await accept(first.link)).toBe(404);
    expect(await accept(renewed.link)).toBe(201);

    expect(await run('invitations', 'show', first.id)).toMatchObject({ status: 'accepted' });
    expect(await run('invitations', 'show', first.id)).not.toHaveProperty('link');
    expect((await run('invitations', 'list', '--status', 'accepted')).data).toMatchObject([{ id: first.id }]);
    const listed = await words('invitations', 'list');
    expect(listed).toMatch(/bob@example\.org +admin +pending +link/);
    expect(listed).toContain('2 invitations.');
    expect(await words('invitations', 'show', first.id)).toMatch(/Role +analyst \(rol_/);
    expect(await fail('invitations', 'renew', first.id)).toMatchObject({ code: 'CONFLICT' });
  });

  it('lists those of one organization alone', async () => {
    const args = ['--name', 'Customer', '--plan', 'pro', '--admin', 'first@customer.example'];
    const customer = await run('organizations', 'create', ...args);
    const invite = ['invite', 'eve@customer.example', '--role', 'analyst', '--organization', customer.id];
    const { id } = await run('members', ...invite);
    expect((await run('invitations', 'list', '--organization', customer.id)).data).toMatchObject([{ id }]);
    expect(await run('organizations', 'show', customer.id)).toMatchObject({ name: 'Customer', plan: 'pro' });
    expect(await words('invitations', 'renew', id)).toContain('/invitation#token=');
  });

  it('deletes one after asking; its link stops working', async () => {
    const { id, link } = await run(
      'members',
      'invite',
      'carl@example.org',
      '--role',
      'analyst',
      '--organization',
      await own(),
    );
    expect(await fail('invitations', 'delete', id)).toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
    await run('invitations', 'delete', id, '--yes');
    expect(await accept(link)).toBe(404);
    for (const args of [
      ['show', id],
      ['renew', id],
      ['delete', 'inv_x', '--yes'],
    ]) {
      expect(await fail('invitations', ...args)).toMatchObject({ code: 'NOT_FOUND' });
    }
    const reasons = await app.sql<{ reason: string }>(
      `SELECT DISTINCT reason FROM change_log WHERE entity = 'invitation' AND actor_id = 'cli' ORDER BY reason`,
    );
    expect(reasons.map(({ reason }) => reason)).toEqual([
      'gatehouse invitations delete',
      'gatehouse invitations renew',
      'gatehouse members invite',
    ]);
  });
});

describe('gatehouse admin password-link', () => {
  const confirm = async (link: string) =>
    (
      await app.request
        .post('/api/v1/password-resets/confirm')
        .send({ token: tokenOf(link), password: NEW_PASSWORD })
    ).status;

  it('makes a link that sets a new password, once; an older one works no more', async () => {
    const older = await run('admin', 'password-link', 'ada@example.org');
    const { link } = await run('admin', 'password-link', 'ADA@example.org');
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/password-reset#token=/);
    expect(await confirm(older.link)).toBe(400);
    expect(await confirm(link)).toBe(204);
    expect(await confirm(link)).toBe(400);
    expect(await signIn('ada@example.org', NEW_PASSWORD)).toBe(200);
    expect(await words('admin', 'password-link', 'ada@example.org')).toContain('shown now and never again');
  });

  it('makes none for nobody, nor for a disabled member', async () => {
    expect(await fail('admin', 'password-link', 'nobody@example.org')).toMatchObject({ code: 'NOT_FOUND' });
    await run('members', 'disable', 'ada@example.org');
    expect(await fail('admin', 'password-link', 'ada@example.org')).toMatchObject({ code: 'CONFLICT' });
  });
});

describe('what else the API shows and changes', () => {
  it('renames members, and refuses a blank name', async () => {
    expect((await run('members', 'rename', 'ada@example.org', 'Ada Lovelace')).name).toBe('Ada Lovelace');
    expect(await fail('members', 'rename', 'ada@example.org', ' ')).toEqual({
      code: 'INVALID_INPUT',
      message: '--name must not be blank',
    });
  });

  it('shows a store', async () => {
    const { data } = await run('stores', 'list', '--kind', 'sandbox');
    const [sandbox] = data;
    expect(await run('stores', 'show', sandbox?.id ?? '')).toEqual(sandbox);
    expect(await words('stores', 'show', sandbox?.id ?? '')).toMatch(/Kind +sandbox of sto_/);
    expect(await fail('stores', 'show', 'sto_x')).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('lists the roles of one organization beside the built-in ones', async () => {
    const organizationId = await own();
    const role = ['--name', 'Editor', '--grants', '{"content":"write"}', '--organization', organizationId];
    const { id } = await run('roles', 'create', ...role);
    const ids = async (organization: string) =>
      (await run('roles', 'list', '--organization', organization)).data.map((one) => one.id);
    const { data } = await run('organizations', 'list');
    const other = data.find((one) => one.id !== organizationId)?.id ?? '';
    expect(await ids(organizationId)).toContain(id);
    expect((await ids(other)).length).toBe((await ids(organizationId)).length - 1);
  });

  it.each([
    [['plans', 'list'], '/plans', 'hourly-scale'],
    [['roles', 'resources'], '/resources', 'content.campaigns'],
    [['roles', 'policies'], '/policies', 'Campaigns Read-only'],
    [['tokens', 'format'], '/token-format', 'CRC-32'],
  ])('tells %j as the API does', async (args, path, word) => {
    const { cookie } = await app.signIn();
    const answer = await app.request.get(`/api/v1${path}`).set('Cookie', cookie);
    expect(answer.status).toBe(200);
    expect(await run(...args)).toEqual(answer.body);
    expect(await words(...args)).toContain(word);
  });
});

/** The administrator's organization. */
async function own(): Promise<string> {
  const { data } = await run('members', 'list', '--search', app.admin.email);
  return (data as unknown as { organizationId: string }[])[0]?.organizationId ?? '';
}
