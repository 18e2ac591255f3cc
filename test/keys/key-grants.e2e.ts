import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Grants } from '../../src/roles/index.js';
import { People } from '../members/people.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { Calls, refusalOf, uuidOf } from './key-calls.js';

let app: TestApp;
let calls: Calls;
let people: People;

beforeAll(async () => {
  app = await startTestApp({ environment: { TRUST_PROXY: '1' } });
  calls = new Calls(app);
  people = new People(app);
});
afterAll(() => app.close());

/** A key with such grants, in the store of another. */
async function keyWith(grants: Grants, near: TestKey): Promise<TestKey> {
  return app.createKey({ storeId: near.storeId, roleId: await calls.role(near.organizationId, grants) });
}

describe('nobody gives a key what they do not hold', () => {
  let admin: TestKey;
  let keysOnly: TestKey;
  let exceeding: unknown;
  beforeAll(async () => {
    admin = await calls.admin();
    keysOnly = await keyWith({ 'settings.keys': 'admin', content: 'read' }, admin);
    exceeding = [403, 'EXCEEDS_OWN_GRANTS', { exceeding: expect.any(Array) }];
  });
  const create = (body: object) =>
    calls.call(keysOnly, 'post', `/stores/${keysOnly.storeId}/keys`).send({ name: 'Gift', ...body });

  it.each<[string, object, boolean]>([
    [
      'a role within one’s own, narrowed to it',
      { roleId: 'read-only', permissions: { content: 'read' } },
      true,
    ],
    [
      'a higher role, narrowed to one’s own',
      { roleId: 'admin', permissions: { content: 'read', 'settings.keys': 'admin' } },
      true,
    ],
    ['nothing', { roleId: 'admin', permissions: {} }, true],
    ['another category', { roleId: 'read-only' }, false],
    ['a higher level', { roleId: 'read-write', permissions: { content: 'write' } }, false],
    ['everything', { roleId: 'admin' }, false],
    [
      'a whole category for one resource of it',
      { roleId: 'admin', permissions: { settings: 'read' } },
      false,
    ],
  ])('creating: %s', async (_, body, allowed) => {
    const answer = await create(body);
    if (allowed) expect(answer.status).toBe(201);
    else expect(refusalOf(answer)).toEqual(exceeding);
  });

  it('editing: neither a key that has more, nor one into more', async () => {
    const stronger = await app.createKey({ storeId: admin.storeId, role: 'read-write' });
    const own = await create({ roleId: 'admin', permissions: { content: 'read' } }).expect(201);
    const patch = (id: string, body: object) => calls.call(keysOnly, 'patch', `/keys/${id}`).send(body);
    expect(refusalOf(await patch(stronger.id, { name: 'Mine now' }))).toEqual(exceeding);
    expect(refusalOf(await patch(stronger.id, { permissions: {} }))).toEqual(exceeding);
    expect(refusalOf(await patch(own.body.id, { permissions: null }))).toEqual(exceeding);
    expect(refusalOf(await patch(own.body.id, { permissions: { content: 'write' } }))).toEqual(exceeding);
    await patch(own.body.id, { roleId: 'read-only', permissions: { content: 'read' } }).expect(200);
    expect(refusalOf(await patch(own.body.id, { roleId: 'read-only', permissions: null }))).toEqual(
      exceeding,
    );
    expect(await calls.use(stronger.token)).toBe('ok');
  });

  it('rotating: a token of a key that has more is never shown; revoking and deleting it is allowed', async () => {
    const [first, second] = [
      await app.createKey({ storeId: admin.storeId, role: 'read-write' }),
      await app.createKey({ storeId: admin.storeId, role: 'read-write' }),
    ];
    const rotated = await calls.call(keysOnly, 'post', `/keys/${first.id}/rotate`);
    expect(refusalOf(rotated)).toEqual(exceeding);
    expect(await calls.use(first.token)).toBe('ok');
    await calls.call(keysOnly, 'post', `/keys/${first.id}/revoke`).expect(200);
    await calls.call(keysOnly, 'delete', `/keys/${second.id}`).expect(204);
  });

  it('not even while the plan caps it: the cap may be lifted', async () => {
    const capped = await calls.admin({ plan: 'starter' });
    const reads: Grants = { content: 'read', analytics: 'read', compliance: 'read', settings: 'read' };
    const role = await calls.role(capped.organizationId, { ...reads, 'settings.keys': 'admin' });
    const keeper = await people.signedIn({ organizationId: capped.organizationId, role });
    const path = `/stores/${capped.storeId}/keys`;
    const give = (roleId: string) => calls.call(keeper, 'post', path).send({ name: 'Gift', roleId });
    expect(refusalOf(await give('admin'))).toEqual(exceeding);
    expect(refusalOf(await give('read-write'))).toEqual(exceeding);
    expect(refusalOf(await calls.call(keeper, 'post', `/keys/${capped.id}/rotate`))).toEqual(exceeding);
    await give('read-only').expect(201);
  });

  it('itself least of all', async () => {
    const answer = await calls.call(keysOnly, 'patch', `/keys/${keysOnly.id}`).send({ roleId: 'admin' });
    expect(refusalOf(answer)).toEqual(exceeding);
  });
});

describe('a plan that caps levels', () => {
  it('hides nothing: what a key would have under a higher plan must be held too', async () => {
    const strong = await app.createKey({ role: 'admin', plan: 'starter' });
    const grants: Grants = { 'settings.keys': 'admin', content: 'read', analytics: 'read' };
    const role = await calls.role(strong.organizationId, grants);
    const member = await new People(app).signedIn({ organizationId: strong.organizationId, role });
    const refusedWith = (resource: string) => [
      403,
      'EXCEEDS_OWN_GRANTS',
      { exceeding: expect.arrayContaining([expect.objectContaining({ resource })]) },
    ];

    const keys = `/stores/${strong.storeId}/keys`;
    const create = (body: object) => calls.call(member, 'post', keys).send({ name: 'Gift', ...body });
    expect(refusalOf(await create({ roleId: 'read-write' }))).toEqual(refusedWith('content.campaigns'));
    expect(refusalOf(await calls.call(member, 'post', `/keys/${strong.id}/rotate`))).toEqual(
      refusedWith('settings.roles'),
    );
    const given = await create({ roleId: 'read-only' }).expect(201);
    const widened = await calls.call(member, 'patch', `/keys/${given.body.id}`).send({ roleId: 'admin' });
    expect(refusalOf(widened)).toEqual(refusedWith('settings.roles'));
    const bulk = await calls
      .call<{ results: { id: string; outcome: string }[] }>(member, 'post', `${keys}/bulk-rotate`)
      .send({ filter: { roleId: 'admin' } })
      .expect(200);
    expect(bulk.body.results).toMatchObject([{ id: strong.id, outcome: 'refused' }]);
  });
});

describe('managing keys', () => {
  it('needs admin on settings.keys: reading them is not enough', async () => {
    const admin = await calls.admin();
    const reader = await keyWith({ 'settings.keys': 'write' }, admin);
    await calls.call(reader, 'get', `/keys/${admin.id}`).expect(200);
    await calls.call(reader, 'get', `/stores/${admin.storeId}/keys`).expect(200);
    const answers = [
      await calls
        .call(reader, 'post', `/stores/${admin.storeId}/keys`)
        .send({ name: 'X', roleId: 'admin', permissions: {} }),
      await calls.call(reader, 'patch', `/keys/${admin.id}`).send({ name: 'X' }),
      await calls.call(reader, 'post', `/keys/${admin.id}/rotate`),
      await calls.call(reader, 'post', `/keys/${admin.id}/revoke`),
      await calls.call(reader, 'delete', `/keys/${admin.id}`),
    ];
    expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual(
      answers.map(() => [403, 'PERMISSION_DENIED']),
    );
  });
});

describe('an allow-list', () => {
  const from = (token: string, address: string) =>
    calls.call<unknown>({ token }, 'get', '/campaigns?limit=1').set('X-Forwarded-For', address);

  it('lets the key be used from its addresses alone', async () => {
    const key = await app.createKey({ ipAllowlist: ['203.0.113.0/24', '2001:db8::/32'] });
    for (const address of ['203.0.113.9', '::ffff:203.0.113.9', '2001:db8::9', '198.51.100.1, 203.0.113.9']) {
      expect([address, (await from(key.token, address)).status]).toEqual([address, 200]);
    }
    for (const address of ['203.0.114.9', '2001:db9::9', '203.0.113.9, 198.51.100.1']) {
      const seen = address.split(', ').at(-1);
      expect(refusalOf(await from(key.token, address))).toEqual([403, 'IP_NOT_ALLOWED', { address: seen }]);
    }
    expect(await calls.use(key.token)).toBe('IP_NOT_ALLOWED');
  });

  it('binds a key’s way to itself too', async () => {
    const key = await app.createKey({ ipAllowlist: ['203.0.113.9'] });
    const revoke = () => calls.call(key, 'post', `/keys/${key.id}/revoke`);
    expect((await revoke()).body.error.code).toBe('IP_NOT_ALLOWED');
    expect((await revoke().set('X-Forwarded-For', '203.0.113.9')).status).toBe(200);
  });

  it('is logged with the address that was refused', async () => {
    const admin = await calls.admin();
    const key = await app.createKey({ storeId: admin.storeId, ipAllowlist: ['203.0.113.9'] });
    await from(key.token, '203.0.113.9');
    await from(key.token, '198.51.100.1');
    const rows = await app.sql(
      'SELECT status, host(ip) AS ip, error_code FROM request_log WHERE key_id = $1 ORDER BY request_id',
      [uuidOf('key', key.id)],
    );
    expect(rows).toEqual([
      { status: 200, ip: '203.0.113.9', error_code: null },
      { status: 403, ip: '198.51.100.1', error_code: 'IP_NOT_ALLOWED' },
    ]);
  });
});

describe('a role that is deleted while a key is given it', () => {
  it('is either in use or gone: never a fault of ours', async () => {
    const admin = await calls.admin();
    for (let round = 0; round < 8; round += 1) {
      const role = await calls
        .call(admin, 'post', '/roles')
        .send({ name: `Short-lived ${round}`, grants: {} })
        .expect(201);
      const [made, deleted] = await Promise.all([
        calls.call(admin, 'post', `/stores/${admin.storeId}/keys`).send({ name: 'X', roleId: role.body.id }),
        calls.call(admin, 'delete', `/roles/${role.body.id}`),
      ]);
      expect([
        [201, 409],
        [400, 204],
      ]).toContainEqual([made.status, deleted.status]);
    }
  });
});
