import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Calls, type Caller, refusalOf, uuidOf } from '../keys/key-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type MemberView, People, type Person } from './people.js';

let app: TestApp;
let calls: Calls;
let people: People;
let organizationId: string;
let admin: Person & Caller;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
  people = new People(app);
});
beforeEach(async () => {
  organizationId = await people.organization();
  admin = await people.signedIn({ organizationId, name: 'Ada' });
});
afterAll(() => app.close());

const listed = async (query = '', by: Caller = admin) =>
  (await calls.call<{ data: MemberView[] }>(by, 'get', `/members${query}`).expect(200)).body.data;
const get = (id: string, by: Caller = admin) => calls.call<MemberView>(by, 'get', `/members/${id}`);
const patch = (id: string, body: object, by: Caller = admin) =>
  calls.call<MemberView>(by, 'patch', `/members/${id}`).send(body);
const remove = (id: string, by: Caller = admin) => calls.call<unknown>(by, 'delete', `/members/${id}`);
const me = async (by: Caller) => (await calls.call(by, 'get', '/me')).status;

describe('members', () => {
  it('are listed for their own organization, by state, role and words, in an order', async () => {
    const grace = await people.add({
      organizationId,
      role: 'analyst',
      name: 'Grace',
      email: 'grace_100%@example.org',
    });
    await people.add({ organizationId: await people.organization(), name: 'Grace of another' });
    await app.sql(`UPDATE members SET status = 'disabled' WHERE email = $1`, [grace.email]);
    const ids = async (query: string) => (await listed(query)).map(({ id }) => id);
    expect(await ids('?sortBy=name&sortOrder=asc')).toEqual([admin.id, grace.id]);
    expect(await ids('?sortBy=email&sortOrder=desc&limit=1')).toHaveLength(1);
    expect(await ids('?status=disabled')).toEqual([grace.id]);
    expect(await ids('?roleId=analyst')).toEqual([grace.id]);
    expect(await ids('?search=GRACE')).toEqual([grace.id]);
    expect(await ids('?search=_100%25@')).toEqual([grace.id]);
    expect(await ids('?search=%25')).toEqual([grace.id]);
    expect(await ids('?roleId=rol_01h455vb4pex5vsknk084sn02q')).toEqual([]);
    const answer = await calls.call(admin, 'get', '/members?roleId=nonsense');
    expect(refusalOf(answer)).toEqual([400, 'INVALID_INPUT', expect.objectContaining({ field: 'roleId' })]);
  });

  it('are shown with role, state and last sign-in, which is no part of their version', async () => {
    const { body, headers } = await get(admin.id).expect(200);
    expect(body).toMatchObject({
      id: admin.id,
      organizationId,
      email: admin.email,
      name: 'Ada',
      role: { name: 'admin' },
      status: 'active',
      operator: false,
    });
    expect(Date.parse(body.lastSignInAt ?? '')).toBeGreaterThan(Date.parse(body.createdAt) - 1);
    await people.signIn(admin.email);
    const again = await get(admin.id).expect(200);
    expect(again.headers['etag']).toBe(headers['etag']);
    expect((again.body.lastSignInAt ?? '') > (body.lastSignInAt ?? '')).toBe(true);
    const quiet = await people.add({ organizationId });
    expect((await get(quiet.id).expect(200)).body.lastSignInAt).toBeNull();
  });

  it('of another organization are not there', async () => {
    const other = await people.add({ organizationId: await people.organization() });
    for (const answer of [await get(other.id), await patch(other.id, { name: 'X' }), await remove(other.id)])
      expect([answer.status, answer.body.error.code]).toEqual([404, 'NOT_FOUND']);
  });

  it('are read with read, and changed with admin; never by test keys', async () => {
    const role = await calls.role(organizationId, { 'settings.members': 'read' });
    const reader = await people.signedIn({ organizationId, role });
    expect((await listed('', reader)).length).toBe(2);
    expect(refusalOf(await patch(admin.id, { name: 'X' }, reader))[1]).toBe('PERMISSION_DENIED');
    const key = await calls.admin();
    expect(await listed('', key)).toEqual([]);
    const tester = await calls.admin({ sandbox: true });
    expect(refusalOf(await calls.call(tester, 'get', '/members'))[1]).toBe('PERMISSION_DENIED');
  });
});

describe('changing a member', () => {
  it('renames it for the version it was meant for alone, with its event and its change row', async () => {
    const { id } = await people.add({ organizationId, name: 'Before', hasPassword: false });
    const { headers } = await get(id).expect(200);
    const rename = (name: string) => patch(id, { name }).set('If-Match', headers['etag'] ?? '');
    expect((await rename('After').expect(200)).body.name).toBe('After');
    expect(refusalOf(await rename('Again'))[1]).toBe('PRECONDITION_FAILED');
    const events = await app.sql('SELECT type, data FROM events WHERE subject_id = $1', [id]);
    expect(events).toMatchObject([{ type: 'member.updated', data: { id, name: 'After' } }]);
    const changes = await app.sql(
      `SELECT actor_type, actor_id FROM change_log WHERE entity_id = $1 AND action = 'update' AND actor_type = 'member'`,
      [uuidOf('member', id)],
    );
    expect(changes).toEqual([{ actor_type: 'member', actor_id: uuidOf('member', admin.id) }]);
  });

  it('to what it is changes nothing', async () => {
    const before = (await get(admin.id)).headers['etag'];
    await patch(admin.id, { name: 'Ada', roleId: 'admin', status: 'active' }).expect(200);
    expect((await get(admin.id)).headers['etag']).toBe(before);
    expect(await app.sql('SELECT 1 FROM events WHERE subject_id = $1', [admin.id])).toEqual([]);
  });

  it('gives it another role, which binds its next request', async () => {
    const member = await people.signedIn({ organizationId, role: 'read-only' });
    expect((await calls.call(member, 'get', '/members')).status).toBe(403);
    const { body } = await patch(member.id, { roleId: 'admin' }).expect(200);
    expect(body.role.name).toBe('admin');
    expect((await calls.call(member, 'get', '/members')).status).toBe(200);
    const own = await calls.role(organizationId, {});
    await app.sql('UPDATE members SET role_id = $1 WHERE id = $2', [own, uuidOf('member', member.id)]);
    expect((await get(member.id)).body.role.name).toBe(own);
  });

  it('refuses a role that is none of the organization’s', async () => {
    const { id } = await people.add({ organizationId });
    const foreign = await calls.role(await people.organization(), {});
    for (const roleId of ['nonsense', 'rol_01h455vb4pex5vsknk084sn02q', foreign]) {
      const answer = await patch(id, { roleId });
      expect(refusalOf(answer)).toEqual([400, 'INVALID_INPUT', expect.objectContaining({ field: 'roleId' })]);
    }
  });

  it('gives, takes and gives back no role that has more than whoever does it', async () => {
    const role = await calls.role(organizationId, { 'settings.members': 'admin', content: 'read' });
    const limited = await people.signedIn({ organizationId, role });
    const weak = await people.add({ organizationId, role: await calls.role(organizationId, {}) });
    const strong = await people.add({ organizationId, role: 'read-write' });
    expect(refusalOf(await patch(weak.id, { roleId: 'read-write' }, limited))[1]).toBe('EXCEEDS_OWN_GRANTS');
    expect(refusalOf(await patch(limited.id, { roleId: 'admin' }, limited))[1]).toBe('EXCEEDS_OWN_GRANTS');
    const taken = await patch(strong.id, { roleId: (await get(weak.id)).body.role.id }, limited);
    expect(refusalOf(taken)[1]).toBe('EXCEEDS_OWN_GRANTS');
    // Taking everything away, as with a key, needs no more than the right to manage.
    await patch(strong.id, { status: 'disabled' }, limited).expect(200);
    expect(refusalOf(await patch(strong.id, { status: 'active' }, limited))[1]).toBe('EXCEEDS_OWN_GRANTS');
    await patch(strong.id, { status: 'active' }).expect(200);
    await remove(strong.id, limited).expect(204);
  });
});

describe('disabling a member', () => {
  it('ends its sessions for good and keeps it from signing in, until it is enabled', async () => {
    const member = await people.signedIn({ organizationId, role: 'analyst' });
    expect(await me(member)).toBe(200);
    await patch(member.id, { status: 'disabled' }).expect(200);
    expect(await me(member)).toBe(401);
    await expect(people.signIn(member.email)).rejects.toThrow('401');
    await patch(member.id, { status: 'active' }).expect(200);
    expect(await me(member)).toBe(401);
    expect(await me(await people.signIn(member.email))).toBe(200);
    const events = await app.sql('SELECT type FROM events WHERE subject_id = $1 ORDER BY id', [member.id]);
    expect(events).toEqual([{ type: 'member.disabled' }, { type: 'member.updated' }]);
  });
});

describe('deleting a member', () => {
  it('ends its sessions, and leaves its name in the logs and its keys in the store', async () => {
    const member = await people.signedIn({ organizationId, name: 'Mallory' });
    const store = await calls.call<{ id: string }>(member, 'post', '/stores').send({ name: 'Hers' });
    const key = await calls
      .call(member, 'post', `/stores/${store.body.id}/keys`)
      .send({ name: 'Hers', roleId: 'read-only' })
      .expect(201);
    await remove(member.id).expect(204);
    expect(await me(member)).toBe(401);
    expect((await get(member.id)).status).toBe(404);
    expect(await calls.use(key.body.token ?? '')).toBe('ok');
    const [change] = await app.sql<{ before: Record<string, unknown> }>(
      `SELECT before FROM change_log WHERE entity_id = $1 AND action = 'delete'`,
      [uuidOf('member', member.id)],
    );
    expect(change?.before).toMatchObject({ name: 'Mallory', email: member.email });
    expect(change?.before).not.toHaveProperty('password_hash');
    const events = await app.sql('SELECT type FROM events WHERE subject_id = $1', [member.id]);
    expect(events).toEqual([{ type: 'member.deleted' }]);
  });

  it('may be oneself; the next request is a stranger’s', async () => {
    const member = await people.signedIn({ organizationId });
    await remove(member.id, member).expect(204);
    expect(await me(member)).toBe(401);
  });

  it('frees its address', async () => {
    const { id, email } = await people.add({ organizationId });
    await remove(id).expect(204);
    await people.add({ organizationId, email });
  });
});

describe('an operator', () => {
  it('is changed by operators alone', async () => {
    const operator = await people.signedIn({ organizationId, operator: true });
    const key = await calls.admin();
    const other = await people.add({ organizationId: key.organizationId, operator: true });
    const answers = [
      await patch(operator.id, { name: 'X' }),
      await patch(operator.id, { status: 'disabled' }),
      await remove(operator.id),
      await remove(other.id, key),
    ];
    for (const answer of answers)
      expect(refusalOf(answer)).toEqual([403, 'PERMISSION_DENIED', { required: 'operator' }]);
    await patch(operator.id, { name: 'Oscar' }, operator).expect(200);
    await remove(operator.id, operator).expect(204);
  });
});
