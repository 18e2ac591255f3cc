import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RouteInventory } from '../../src/gate/index.js';
import { toPublicId } from '../../src/platform/ids/index.js';
import { Calls, refusalOf, uuidOf } from '../keys/key-calls.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { ask, simulate, type Simulation } from './simulator-calls.js';

let app: TestApp;
let calls: Calls;
let admin: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
  admin = await calls.admin();
  await app.sql('UPDATE organizations SET active_keys_per_store = 1000');
});
afterAll(() => app.close());

const verdict = (question: object, by: TestKey = admin) => simulate(calls, by, question);
const keyOf = (options: Parameters<TestApp['createKey']>[0] = {}) =>
  app.createKey({ storeId: admin.storeId, ...options });
const CREATE = { method: 'POST', path: '/api/v1/campaigns' };

describe('the simulator tells of a key', () => {
  it('what it needs and holds, where it may', async () => {
    const key = await keyOf({ role: 'read-write', permissions: { content: 'read' } });
    expect(await verdict({ keyId: key.id, method: 'GET', path: '/api/v1/campaigns?limit=1' })).toEqual({
      allowed: true,
      status: 200,
      code: null,
      reason: 'This needs read on content.campaigns; read is held.',
      limitedBy: null,
      route: { method: 'GET', path: '/api/v1/campaigns', operationId: 'listCampaigns' },
      required: { resource: 'content.campaigns', level: 'read' },
      granted: 'read',
      role: 'write',
      key: 'read',
      plan: 'admin',
      missing: null,
      unchecked: ['quota'],
    });
  });

  it('everything that falls short, and the first that the gate would name', async () => {
    const roleId = await calls.role(admin.organizationId, { content: 'read' });
    const key = await keyOf({ roleId, permissions: { content: 'none' } });
    const told = await verdict({ keyId: key.id, ...CREATE });
    expect(told).toMatchObject({
      allowed: false,
      status: 403,
      code: 'PERMISSION_DENIED',
      limitedBy: 'role',
      required: { resource: 'content.campaigns', level: 'write' },
      granted: 'none',
      role: 'read',
      key: 'none',
    });
    expect(told.missing).toBe(
      `It needs write on content.campaigns in the role "${roleId}", or another role; write on content.campaigns in the key's own permissions.`,
    );
    const refused = await calls.call({ token: key.token }, 'post', '/campaigns').send({});
    expect(refused.body.error).toMatchObject({ code: told.code, message: told.reason });
  });

  it.each<[string, Parameters<TestApp['createKey']>[0], object, string, RegExp]>([
    ['the key', { permissions: { analytics: 'write' } }, CREATE, 'key', /in the key's own permissions/],
    ['the role', { role: 'analyst' }, CREATE, 'role', /"analyst" does not, and never changes/],
    [
      'operators',
      { role: 'admin' },
      { method: 'GET', path: '/api/v1/organizations' },
      'operator',
      /An operator, signed in/,
    ],
    [
      'the address',
      { ipAllowlist: ['10.0.0.0/8'] },
      { ...CREATE, ipAddress: '192.0.2.1' },
      'ip',
      /the key's allow-list/,
    ],
    [
      'the store',
      {},
      { method: 'GET', path: '/api/v1/stores/sto_x/campaigns' },
      'store',
      /A key of that store/,
    ],
  ])('that %s would refuse it', async (_, options, target, limitedBy, missing) => {
    const key = await keyOf(options);
    const told = await verdict({ keyId: key.id, ...target });
    expect([told.allowed, told.limitedBy]).toEqual([false, limitedBy]);
    expect(told.missing).toMatch(missing);
  });

  it('that the plan would refuse it', async () => {
    const starter = await calls.admin({ plan: 'starter' });
    const told = await verdict({ keyId: starter.id, ...CREATE }, starter);
    expect(told).toMatchObject({ limitedBy: 'plan', granted: 'read', plan: 'read' });
    expect(told.missing).toMatch(
      /a plan, or a limit of the organization's own, whose highest level is write/,
    );
  });

  it('that its standing would refuse it, before anything else', async () => {
    const key = await keyOf({ ipAllowlist: ['10.0.0.0/8'], permissions: {} });
    const told = async () => {
      const { status, code, limitedBy } = await verdict({
        keyId: key.id,
        method: 'GET',
        path: '/api/v1/stores/sto_x/campaigns',
        ipAddress: '::1',
      });
      return [status, code, limitedBy];
    };
    expect(await told()).toEqual([404, 'NOT_FOUND', 'store']);
    await app.sql(`UPDATE keys SET expires_at = gate_clock() WHERE id = $1`, [uuidOf('key', key.id)]);
    expect(await told()).toEqual([401, 'KEY_EXPIRED', 'status']);
    await calls.call(admin, 'post', `/keys/${key.id}/revoke`).expect(200);
    expect(await told()).toEqual([401, 'KEY_REVOKED', 'status']);
  });

  it('that a test key reaches nothing of the organization', async () => {
    // of the administrator's own organization, so that he may ask
    const member = await app.signIn();
    const stores = await calls.call<{ data: { id: string; kind: string }[] }>(member, 'get', '/stores');
    const sandbox = stores.body.data.find(({ kind }) => kind === 'sandbox');
    const tester = await app.createKey({ storeId: sandbox?.id, role: 'admin' });
    const asked = { keyId: tester.id, method: 'GET', path: '/api/v1/roles' };
    const told = await simulate(calls, member, asked);
    expect(told).toMatchObject({ allowed: false, status: 403, limitedBy: 'environment' });
  });

  it('what it may always do to itself, and what everybody may', async () => {
    const key = await keyOf({ permissions: {} });
    const revoke = { keyId: key.id, method: 'POST', path: `/api/v1/keys/${key.id}/revoke` };
    expect(await verdict(revoke)).toMatchObject({ allowed: true, granted: 'none' });
    expect(await verdict({ ...revoke, path: `/api/v1/keys/${admin.id}/revoke` })).toMatchObject({
      allowed: false,
    });
    const routes = { keyId: key.id, method: 'GET', path: '/api/v1/routes' };
    await calls.call(admin, 'post', `/keys/${key.id}/revoke`).expect(200);
    expect(await verdict(routes)).toMatchObject({ allowed: true, required: null, granted: null });
  });

  it('of a level on a resource, in its own store or another', async () => {
    const key = await keyOf({ role: 'read-only' });
    const level = { keyId: key.id, resource: 'content.campaigns', level: 'read' };
    expect(await verdict(level)).toMatchObject({ allowed: true, route: null });
    expect(await verdict({ ...level, level: 'write' })).toMatchObject({ allowed: false, limitedBy: 'role' });
    expect(await verdict({ ...level, storeId: key.storeId })).toMatchObject({ allowed: true });
    const elsewhere = (await app.createKey()).storeId;
    expect(await verdict({ ...level, storeId: elsewhere })).toMatchObject({
      status: 404,
      limitedBy: 'store',
    });
    const above = await verdict({ ...level, level: 'admin' });
    expect(above.missing).toBe('Nothing can be granted: the highest level of content.campaigns is write.');
  });

  it('what it left out', async () => {
    const key = await keyOf({ ipAllowlist: ['10.0.0.0/8'] });
    const path = '/api/v1/stores/{storeId}/campaigns/{id}';
    const told = await verdict({ keyId: key.id, method: 'GET', path });
    expect([told.allowed, told.unchecked, told.route?.operationId]).toEqual([
      true,
      ['ip', 'quota', 'object'],
      'getCampaignInStore',
    ]);
    const elsewhere = (await app.createKey()).storeId;
    expect(await verdict({ keyId: key.id, method: 'GET', path, storeId: elsewhere })).toMatchObject({
      limitedBy: 'store',
    });
  });
});

describe('the simulator tells of a role', () => {
  it('what any live key with it may do, as far as the plan goes', async () => {
    const by = { roleId: 'read-only' };
    expect(await verdict({ ...by, ...CREATE })).toMatchObject({
      allowed: false,
      limitedBy: 'role',
      role: 'read',
      key: null,
      plan: 'admin',
    });
    expect(await verdict({ ...by, method: 'GET', path: '/api/v1/stores/sto_x/campaigns' })).toMatchObject({
      allowed: true,
    });
    const starter = await calls.admin({ plan: 'starter' });
    expect(await verdict({ roleId: 'admin', ...CREATE }, starter)).toMatchObject({ limitedBy: 'plan' });
  });

  it('what a resource lets read that relates to another', async () => {
    const { body } = await calls
      .call<{ id: string }>(admin, 'post', '/roles')
      .send({ name: 'Holder', policies: ['Data Holds Read-only'] })
      .expect(201);
    const told = await verdict({ roleId: body.id, resource: 'compliance.platforms', level: 'read' });
    expect(told).toMatchObject({ allowed: true, role: 'read' });
  });
});

describe('the simulator refuses', () => {
  const key = { keyId: 'set below' };
  it.each<[object, string]>([
    [{}, 'keyId'],
    [{ ...key, roleId: 'admin', ...CREATE }, 'roleId'],
    [{ ...key, method: 'GET' }, 'path'],
    [{ ...key, path: '/api/v1/campaigns' }, 'method'],
    [{ ...key, resource: 'content.campaigns' }, 'level'],
    [{ ...key, level: 'read' }, 'resource'],
    [{ ...key, resource: 'content.nothing', level: 'read' }, 'resource'],
    [{ ...key, resource: 'content.campaigns', level: 'none' }, 'level'],
    [{ ...key, resource: 'content.campaigns', level: 'read', method: 'GET' }, 'method'],
    [{ ...key, method: 'BREW', path: '/api/v1/campaigns' }, 'method'],
    [{ ...key, method: 'GET', path: 'campaigns' }, 'path'],
    [{ ...key, method: 'GET', path: '/api/v1/campaigns/%zz' }, 'path'],
    [{ ...key, ...CREATE, ipAddress: '10.0.0.0/8' }, 'ipAddress'],
    [{ ...key, ...CREATE, storeId: 'sto_x' }, 'storeId'],
    [{ roleId: 'admin', ...CREATE, ipAddress: '::1' }, 'ipAddress'],
    [{ roleId: 'rol_x', ...CREATE }, 'roleId'],
    [{ ...key, ...CREATE, more: true }, 'more'],
  ])('%j', async (question, field) => {
    const asked = 'keyId' in question ? { ...question, keyId: admin.id } : question;
    expect(refusalOf(await ask(calls, admin, asked))).toEqual([
      400,
      'INVALID_INPUT',
      expect.objectContaining({ field }),
    ]);
  });

  it('a store where the path has no place for it', async () => {
    const question = { keyId: admin.id, ...CREATE, storeId: admin.storeId };
    expect((await ask(calls, admin, question)).body.error.details).toMatchObject({ field: 'storeId' });
  });

  it('keys and roles that are out of reach: of another organization, and, to a key, of another store', async () => {
    const foreign = await app.createKey();
    const foreignRole = await calls.role(foreign.organizationId, {});
    const { body: store } = await calls
      .call<{ id: string }>(admin, 'post', '/stores')
      .send({ name: 'Second' })
      .expect(201);
    const sibling = await app.createKey({ storeId: store.id });
    for (const keyId of [foreign.id, sibling.id]) {
      const { body } = await ask(calls, admin, { keyId, ...CREATE });
      expect(body.error.details).toMatchObject({ field: 'keyId', reason: 'names no key of yours' });
    }
    const named = await ask(calls, admin, { roleId: toPublicId('role', foreignRole), ...CREATE });
    expect(named.body.error.details).toMatchObject({ field: 'roleId' });
  });

  it('whoever may not read roles, and of keys whoever may not read keys, but for its own', async () => {
    const key = await keyOf();
    const roleId = await calls.role(admin.organizationId, { 'settings.roles': 'read' });
    const reader = await keyOf({ roleId });
    expect((await ask(calls, key, { roleId: 'admin', ...CREATE })).status).toBe(403);
    expect((await ask(calls, reader, { roleId: 'admin', ...CREATE })).status).toBe(200);
    expect((await ask(calls, reader, { keyId: reader.id, ...CREATE })).status).toBe(200);
    expect(refusalOf(await ask(calls, reader, { keyId: key.id, ...CREATE }))).toEqual([
      403,
      'PERMISSION_DENIED',
      expect.objectContaining({ resource: 'settings.keys', required: 'read' }),
    ]);
  });
});

describe('a path has the route that Express gives it', () => {
  it.each<[string, string, string | null]>([
    ['GET', '/api/v1/campaigns', 'listCampaigns'],
    ['GET', '/api/campaigns/', 'listCampaigns'],
    ['HEAD', '/api/v1/CAMPAIGNS?x=1', 'listCampaigns'],
    ['GET', '/api/v1/campaigns/a%20b', 'getCampaign'],
    ['GET', '/api/v1/campaigns/a/b', null],
    ['PUT', '/api/v1/campaigns', null],
    ['OPTIONS', '/api/v1/campaigns', null],
    ['GET', '/API/v1/campaigns', null],
    ['GET', '/campaigns', null],
    ['GET', '/', null],
    ['GET', '/api/v2/campaigns', null],
    ['GET', '/api/v1', null],
    ['GET', '/api/?x=1', null],
  ])('%s %s', async (method, path, operationId) => {
    const told: Simulation = await verdict({ keyId: admin.id, method, path });
    expect(told.route?.operationId ?? null).toBe(operationId);
    expect([told.status, told.code]).toEqual(operationId === null ? [404, 'NOT_FOUND'] : [200, null]);
  });

  it('in the order in which the routes are mounted', () => {
    interface Layer {
      route?: { path: string; methods: Record<string, boolean> };
    }
    const express = app.app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } };
    const mounted = express.router.stack.flatMap(({ route }) => {
      if (!route?.path.startsWith('/api/v1')) return [];
      const [method = '', ...others] = Object.keys(route.methods);
      return [`${others.length === 0 ? method.toUpperCase() : 'ALL'} ${route.path}`];
    });
    const inventory = app.get(RouteInventory).listInOrder();
    expect(inventory.map(({ method, path }) => `${method} ${path}`)).toEqual(mounted);
  });
});
