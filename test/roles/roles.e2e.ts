import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { Calls, refusalOf, uuidOf } from '../keys/key-calls.js';
import { toPublicId } from '../../src/platform/ids/index.js';

interface RoleView {
  id: string;
  name: string;
  description: string;
  builtin: boolean;
  grants: Record<string, string>;
  levels: Record<string, string>;
}

let app: TestApp;
let calls: Calls;
let admin: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
  admin = await calls.admin();
});
afterAll(() => app.close());

const create = (body: object, by: TestKey = admin) => calls.call<RoleView>(by, 'post', '/roles').send(body);
const listed = async (by: TestKey = admin) =>
  (await calls.call<{ data: RoleView[] }>(by, 'get', '/roles?limit=100&sortOrder=asc').expect(200)).body.data;

describe('the built-in roles', () => {
  it('are listed for everybody, and never change', async () => {
    const builtin = (await listed()).filter((role) => role.builtin);
    expect(builtin.map(({ name }) => name)).toEqual([
      'admin',
      'analyst',
      'compliance',
      'read-only',
      'read-write',
    ]);
    for (const { id } of builtin) {
      expect((await calls.call<RoleView>(admin, 'get', `/roles/${id}`).expect(200)).body.builtin).toBe(true);
      expect(refusalOf(await calls.call(admin, 'patch', `/roles/${id}`).send({ name: 'Mine' }))).toEqual([
        409,
        'CONFLICT',
        undefined,
      ]);
      expect(refusalOf(await calls.call(admin, 'delete', `/roles/${id}`))).toEqual([
        409,
        'CONFLICT',
        undefined,
      ]);
    }
    expect((await listed()).filter((role) => role.builtin)).toEqual(builtin);
  });
});

describe('creating a role', () => {
  it('combines grants and ready policies by maximum, and says where it is', async () => {
    const { status, body, headers } = await create({
      name: 'Editor',
      description: 'Writes campaigns.',
      grants: { content: 'read', 'settings.keys': 'none' },
      policies: ['Campaigns Full Access', 'Keys Read-only'],
    });
    expect([status, headers['location']]).toEqual([201, `/api/v1/roles/${body.id}`]);
    expect(body).toMatchObject({
      name: 'Editor',
      description: 'Writes campaigns.',
      builtin: false,
      grants: { content: 'read', 'content.campaigns': 'write', 'settings.keys': 'read' },
      levels: { 'content.campaigns': 'write', 'settings.keys': 'read', 'settings.roles': 'none' },
    });
    const got = await calls.call<RoleView>(admin, 'get', `/roles/${body.id}`).expect(200);
    expect(got.body).toEqual(body);
    expect(got.headers['etag']).toBe(headers['etag']);
    expect((await listed()).map(({ id }) => id)).toContain(body.id);
  });

  it.each<[object, string]>([
    [{ grants: {} }, 'name'],
    [{ name: 'x'.repeat(61) }, 'name'],
    [{ name: 'X', grants: { billing: 'read' } }, 'grants.billing'],
    [{ name: 'X', grants: { content: 'everything' } }, 'grants.content'],
    [{ name: 'X', grants: [] }, 'grants'],
    [{ name: 'X', policies: ['Campaigns Full Access', 'Poems Full Access'] }, 'policies[1]'],
    [{ name: 'X', builtin: true }, 'builtin'],
  ])('refuses %j', async (body, field) => {
    expect(refusalOf(await create(body))).toEqual([400, 'INVALID_INPUT', expect.objectContaining({ field })]);
  });

  it('takes a name once within an organization', async () => {
    await create({ name: 'Twice' }).expect(201);
    expect(refusalOf(await create({ name: 'Twice' }))).toEqual([409, 'CONFLICT', undefined]);
    await create({ name: 'Twice' }, await calls.admin()).expect(201);
    const other = await create({ name: 'Thrice' }).expect(201);
    const renamed = await calls.call(admin, 'patch', `/roles/${other.body.id}`).send({ name: 'Twice' });
    expect(refusalOf(renamed)).toEqual([409, 'CONFLICT', undefined]);
  });
});

describe('changing a role', () => {
  it('binds the next request of a warm key that has it', async () => {
    const role = await create({ name: 'Changing', grants: { content: 'read' } }).expect(201);
    const key = await calls.create(admin, { roleId: role.body.id });
    const outcomes = [await calls.use(key.token)];
    for (const grants of [{ analytics: 'read' }, { 'content.campaigns': 'read' }, {}]) {
      const { body } = await calls
        .call<RoleView>(admin, 'patch', `/roles/${role.body.id}`)
        .send({ grants })
        .expect(200);
      expect(body.grants).toEqual(grants);
      outcomes.push(await calls.use(key.token));
    }
    expect(outcomes).toEqual(['ok', 'PERMISSION_DENIED', 'ok', 'PERMISSION_DENIED']);
  });

  it('goes through for the version it was made for alone', async () => {
    const { body, headers } = await create({ name: 'Versioned' }).expect(201);
    const patch = (name: string, etag: string) =>
      calls.call(admin, 'patch', `/roles/${body.id}`).set('If-Match', etag).send({ name });
    await patch('Second version', headers['etag'] ?? '').expect(200);
    expect((await patch('Third version', headers['etag'] ?? '')).status).toBe(412);
    const deleted = await calls
      .call(admin, 'delete', `/roles/${body.id}`)
      .set('If-Match', headers['etag'] ?? '');
    expect(deleted.status).toBe(412);
  });
});

describe('deleting a role', () => {
  it('is refused while keys have it, revoked ones too, and names them', async () => {
    const role = await create({ name: 'Used', grants: { content: 'read' } }).expect(201);
    const url = `/roles/${role.body.id}`;
    const key = await calls.create(admin, { name: 'User', roleId: role.body.id });
    await calls.call(admin, 'post', `/keys/${key.id}/revoke`).expect(200);
    expect(refusalOf(await calls.call(admin, 'delete', url))).toEqual([
      409,
      'CONFLICT',
      { count: 1, keys: [{ id: key.id, name: 'User' }], memberCount: 0, members: [], invitationCount: 0 },
    ]);
    await calls.call(admin, 'delete', `/keys/${key.id}`).expect(204);
    await calls.call(admin, 'delete', url).expect(204);
    expect((await calls.call(admin, 'get', url)).status).toBe(404);
  });

  it('is refused while a member has it, and names the member', async () => {
    const role = await create({ name: 'Of a member' }).expect(201);
    const [member] = await app.sql<{ id: string }>(
      `INSERT INTO members (id, organization_id, role_id, email, name)
       VALUES (gen_random_uuid(), $1, $2, 'ada@example.org', 'Ada') RETURNING id`,
      [uuidOf('organization', admin.organizationId), uuidOf('role', role.body.id)],
    );
    const refused = await calls.call(admin, 'delete', `/roles/${role.body.id}`);
    expect(refusalOf(refused)).toEqual([
      409,
      'CONFLICT',
      {
        count: 0,
        keys: [],
        memberCount: 1,
        members: [{ id: toPublicId('member', member?.id ?? ''), name: 'Ada' }],
        invitationCount: 0,
      },
    ]);
    expect(refused.body.error.message).toBe('The role is in use by 1 member.');
  });
});

describe('roles are out of reach', () => {
  it('of another organization: 404, and not in its list', async () => {
    const role = await create({ name: 'Ours' }).expect(201);
    const other = await calls.admin();
    const url = `/roles/${role.body.id}`;
    const answers = [
      await calls.call(other, 'get', url),
      await calls.call(other, 'patch', url).send({ name: 'Theirs' }),
      await calls.call(other, 'delete', url),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await listed(other)).every(({ builtin }) => builtin)).toBe(true);
  });

  it('of test keys', async () => {
    const tester = await calls.admin({ sandbox: true });
    for (const answer of [await calls.call(tester, 'get', '/roles'), await create({ name: 'X' }, tester)]) {
      expect([answer.status, answer.body.error.code]).toEqual([403, 'PERMISSION_DENIED']);
    }
  });

  it('of whoever does not hold what they have', async () => {
    const limited = await app.createKey({
      storeId: admin.storeId,
      roleId: await calls.role(admin.organizationId, { 'settings.roles': 'admin', content: 'read' }),
    });
    const exceeding = [403, 'EXCEEDS_OWN_GRANTS', { exceeding: expect.any(Array) }];
    expect(refusalOf(await create({ name: 'More', grants: { content: 'write' } }, limited))).toEqual(
      exceeding,
    );
    expect(refusalOf(await create({ name: 'More', policies: ['Keys Full Access'] }, limited))).toEqual(
      exceeding,
    );
    const strong = await create({ name: 'Strong', grants: { content: 'write' } }).expect(201);
    const patch = (id: string, body: object) => calls.call(limited, 'patch', `/roles/${id}`).send(body);
    expect(refusalOf(await patch(strong.body.id, { name: 'Weak' }))).toEqual(exceeding);
    expect(refusalOf(await patch(strong.body.id, { grants: {} }))).toEqual(exceeding);
    const weak = await create({ name: 'Weak', grants: { 'content.campaigns': 'read' } }, limited).expect(201);
    expect(refusalOf(await patch(weak.body.id, { grants: { content: 'admin' } }))).toEqual(exceeding);
    await patch(weak.body.id, { grants: { content: 'read' } }).expect(200);
  });
});

/** A policy that lets nothing else read. */
const policy = (name: string, grants: Record<string, string>) => ({ name, grants, levels: grants });

describe('what can be granted', () => {
  it('is listed for any key: resources with their highest level, and two policies for each', async () => {
    const key = await app.createKey({ role: 'read-only', permissions: {} });
    const resources = await calls
      .call<{ data: Record<string, unknown>[] }>(key, 'get', '/resources')
      .expect(200);
    expect(resources.body.data).toContainEqual({
      name: 'content.campaigns',
      category: 'content',
      label: 'Campaigns',
      highestLevel: 'write',
      relates: [],
    });
    const policies = await calls
      .call<{ data: { name: string; grants: object }[] }>(key, 'get', '/policies')
      .expect(200);
    expect(policies.body.data).toEqual(
      expect.arrayContaining([
        policy('Campaigns Read-only', { 'content.campaigns': 'read' }),
        policy('Campaigns Full Access', { 'content.campaigns': 'write' }),
        policy('Keys Full Access', { 'settings.keys': 'admin' }),
      ]),
    );
    expect(new Set(policies.body.data.map(({ name }) => name)).size).toBe(policies.body.data.length);
  });
});
