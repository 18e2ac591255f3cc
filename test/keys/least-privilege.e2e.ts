import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { Calls, uuidOf } from './key-calls.js';

interface RoleView {
  id: string;
  name: string;
  builtin: boolean;
}

interface Advice {
  keyId: string;
  observedSince: string;
  windows: {
    days: number;
    used: Record<string, string>;
    unused: { resource: string; granted: string; used: string }[];
  }[];
  suggestion: {
    advice: string;
    reason: string;
    role: RoleView | null;
    roles: RoleView[];
    grants: Record<string, string>;
    permissions: Record<string, string>;
  };
}

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

const ask = (id: string, by: TestKey = admin) => calls.call<Advice>(by, 'get', `/keys/${id}/least-privilege`);
const adviceOn = async (id: string, by: TestKey = admin) => (await ask(id, by).expect(200)).body;

/** Moves what a key has used into the past. */
const ago = (id: string, days: number) =>
  app.sql('UPDATE key_levels SET last_used_at = last_used_at - make_interval(days => $2) WHERE key_id = $1', [
    uuidOf('key', id),
    days,
  ]);

describe('what a key has used', () => {
  it('is told from its requests, with the smallest role that would have served', async () => {
    const key = await calls.create(admin, { roleId: 'read-write' });
    await calls.call(key, 'get', '/campaigns').expect(200);
    await calls.call(key, 'get', '/keys/key_x').expect(403);
    const { windows, suggestion, observedSince } = await adviceOn(key.id);
    expect(observedSince).toBe(key.createdAt);
    for (const { used, unused } of windows) {
      expect(used).toEqual({ 'content.campaigns': 'read' });
      expect(unused).toContainEqual({ resource: 'content.campaigns', granted: 'write', used: 'read' });
    }
    expect(windows.map(({ days }) => days)).toEqual([30, 90]);
    expect(suggestion).toMatchObject({
      advice: 'narrow',
      role: { name: 'read-only', builtin: true },
      grants: { 'content.campaigns': 'read' },
      permissions: { 'content.campaigns': 'read' },
    });
    expect(suggestion.roles.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['read-only', 'read-write', 'admin']),
    );
  });

  it('leaves the key able to do the same, once it is narrowed as suggested', async () => {
    const key = await calls.create(admin, { roleId: 'admin' });
    await calls.call(key, 'get', '/campaigns').expect(200);
    await calls.call(key, 'get', '/roles').expect(200);
    const { suggestion } = await adviceOn(key.id);
    const { permissions } = suggestion;
    expect(permissions).toEqual({ 'content.campaigns': 'read', 'settings.roles': 'read' });
    await calls.call(admin, 'patch', `/keys/${key.id}`).send({ permissions }).expect(200);
    await calls.call(key, 'get', '/campaigns').expect(200);
    await calls.call(key, 'get', '/roles').expect(200);
    expect((await calls.call(key, 'get', '/stores')).status).toBe(403);
    expect((await adviceOn(key.id)).suggestion).toMatchObject({ advice: 'keep', permissions });
  });

  it('is told of 30 and of 90 days', async () => {
    const key = await calls.create(admin, { roleId: 'read-only' });
    await calls.call(key, 'get', '/campaigns').expect(200);
    await ago(key.id, 60);
    const [short, long] = (await adviceOn(key.id)).windows;
    expect([short?.used, long?.used]).toEqual([{}, { 'content.campaigns': 'read' }]);
    await ago(key.id, 60);
    const [, later] = (await adviceOn(key.id)).windows;
    expect(later?.used).toEqual({});
  });

  it('is nothing for a key that could be revoked', async () => {
    const key = await calls.create(admin, { roleId: 'read-only' });
    expect((await adviceOn(key.id)).suggestion).toEqual({
      advice: 'revoke',
      reason: expect.stringContaining('could be revoked'),
      role: null,
      roles: [],
      grants: {},
      permissions: {},
    });
    await calls.call(key, 'get', '/me').expect(200);
    expect((await adviceOn(key.id)).suggestion).toMatchObject({ advice: 'narrow', role: null, grants: {} });
  });

  it('suggests the organization’s own roles to whoever may read roles', async () => {
    const { body: role } = await calls
      .call<RoleView>(admin, 'post', '/roles')
      .send({ name: 'Just campaigns', grants: { 'content.campaigns': 'read' } })
      .expect(201);
    const stranger = await calls.admin();
    await calls
      .call(stranger, 'post', '/roles')
      .send({ name: 'A', grants: { 'content.campaigns': 'read' } })
      .expect(201);
    const key = await calls.create(admin, { roleId: 'read-only' });
    await calls.call(key, 'get', '/campaigns').expect(200);
    expect((await adviceOn(key.id)).suggestion.role).toEqual({
      id: role.id,
      name: 'Just campaigns',
      builtin: false,
    });
    const own = await calls.call<Advice>(key, 'get', `/keys/${key.id}/least-privilege`).expect(200);
    expect(own.body.suggestion.role?.name).toBe('read-only');
  });

  it('is for whoever may read the key, and for the key itself', async () => {
    const [key, foreign] = [await calls.create(admin), await calls.admin()];
    expect((await ask(key.id, foreign)).status).toBe(404);
    const other = await app.createKey({ storeId: admin.storeId });
    expect((await ask(key.id, other)).status).toBe(403);
    expect((await ask(other.id, other)).status).toBe(200);
  });
});
