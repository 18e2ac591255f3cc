import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromPublicId, toPublicId } from '../../src/platform/ids/index.js';
import { Calls, type KeyView } from '../keys/key-calls.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

// What the product says of keys, sentence by sentence, as requests to a running server.

let app: TestApp;
let calls: Calls;

beforeAll(async () => {
  app = await startTestApp({ environment: { GATEHOUSE_TOKEN_BRAND: 'aw' } });
  calls = new Calls(app);
});
afterAll(() => app.close());

interface ListView {
  data: KeyView[];
  pagination: { totalCount: number };
}

const CAMPAIGN = { name: 'Spring sale', platform: 'email' };
const DAY_MS = 86_400_000;

const listKeys = async (admin: TestKey, query = ''): Promise<KeyView[]> =>
  (await calls.call<ListView>(admin, 'get', `/stores/${admin.storeId}/keys${query}`).expect(200)).body.data;

/** How the campaigns answer a token: to a list, and to a new one. */
async function campaignsOf(token: string): Promise<{ read: number; write: number }> {
  const read = await calls.call<unknown>({ token }, 'get', '/campaigns?limit=1');
  const write = await calls.call<unknown>({ token }, 'post', '/campaigns').send(CAMPAIGN);
  return { read: read.status, write: write.status };
}

describe('a new key', () => {
  it('has a descriptive name', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin, { name: 'Analytics export script' });
    expect((await listKeys(admin)).find(({ id }) => id === key.id)?.name).toBe('Analytics export script');
    const nameless = await calls
      .call(admin, 'post', `/stores/${admin.storeId}/keys`)
      .send({ roleId: 'read-only' });
    expect([nameless.status, nameless.body.error.details]).toMatchObject([400, { field: 'name' }]);
  });

  it.each([
    ['never', null],
    ['30d', 30],
    ['60d', 60],
    ['90d', 90],
    ['1y', 365],
  ])('expires: %s', async (expiresIn, days) => {
    const key = await calls.create(await calls.admin(), { expiresIn });
    if (days === null) return expect(key.expiresAt).toBeNull();
    expect(Math.abs(Date.parse(key.expiresAt ?? '') - Date.now() - days * DAY_MS)).toBeLessThan(60_000);
  });

  it('has a level for content and one for analytics, each on its own: none, read or write', async () => {
    const admin = await calls.admin();
    for (const content of ['none', 'read', 'write']) {
      for (const analytics of ['none', 'read', 'write']) {
        const key = await calls.create(admin, { roleId: undefined, permissions: { content, analytics } });
        expect(key.permissions).toEqual({ content, analytics });
        expect(await campaignsOf(key.token)).toEqual({
          read: content === 'none' ? 403 : 200,
          write: content === 'write' ? 201 : 403,
        });
        await calls.call(admin, 'post', `/keys/${key.id}/revoke`).expect(200);
      }
    }
  });

  it('gets its permissions from a role', async () => {
    const admin = await calls.admin();
    const reader = await calls.create(admin, { roleId: 'read-only' });
    const writer = await calls.create(admin, { roleId: 'read-write' });
    expect(await campaignsOf(reader.token)).toEqual({ read: 200, write: 403 });
    expect(await campaignsOf(writer.token)).toEqual({ read: 200, write: 201 });
  });

  it('shows its token once: a brand, the environment, and a long random text', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    expect(key.token).toMatch(/^aw_live_[0-9A-Za-z]{49}$/);
    const later = [
      await calls.call(admin, 'get', `/keys/${key.id}`),
      await calls.call(admin, 'get', `/stores/${admin.storeId}/keys`),
      await calls.call(admin, 'patch', `/keys/${key.id}`).send({ name: 'Another name' }),
    ];
    for (const answer of later) expect(answer.text).not.toContain(key.token);
    expect(key.preview).toBe(`aw_live_${key.token.slice(8, 12)}…${key.token.slice(-4)}`);
  });

  it('is one of at most ten active ones of its store, each with permissions of its own', async () => {
    const admin = await calls.admin();
    const made = [];
    for (let i = 1; i < 10; i++)
      made.push(await calls.create(admin, { roleId: i % 2 ? 'read-only' : 'analyst' }));
    const path = `/stores/${admin.storeId}/keys`;
    const eleventh = await calls.call(admin, 'post', path).send({ name: 'Eleventh', roleId: 'read-only' });
    expect([eleventh.status, eleventh.body.error.code]).toEqual([409, 'KEY_LIMIT_REACHED']);
    await calls.call(admin, 'post', `/keys/${made[0]?.id}/revoke`).expect(200);
    await calls.call(admin, 'post', path).send({ name: 'Eleventh', roleId: 'read-only' }).expect(201);
  });

  it('is made by administrators alone, as keys are managed by them alone', async () => {
    const admin = await calls.admin();
    const body = { name: 'New', roleId: 'read-only' };
    for (const role of ['read-only', 'read-write', 'analyst', 'compliance']) {
      const key = await app.createKey({ role, storeId: admin.storeId });
      await calls.call(key, 'post', `/stores/${admin.storeId}/keys`).send(body).expect(403);
      await calls.call(key, 'patch', `/keys/${admin.id}`).send({ name: 'Mine' }).expect(403);
      await calls.call(key, 'post', `/keys/${admin.id}/rotate`).expect(403);
      await calls.call(key, 'post', `/keys/${admin.id}/revoke`).expect(403);
      await calls.call(key, 'delete', `/keys/${admin.id}`).expect(403);
    }
    const member = await app.signIn();
    const [store] = await app.sql<{ id: string }>(
      `SELECT s.id FROM stores s JOIN members m ON m.organization_id = s.organization_id WHERE s.kind = 'live'`,
    );
    await calls
      .call(member, 'post', `/stores/${toPublicId('store', store?.id ?? '')}/keys`)
      .send(body)
      .expect(201);
  });
});

describe('a request with a key', () => {
  it('carries it as a bearer token, to the paths of its store', async () => {
    const key = await app.createKey();
    await calls.call(key, 'get', `/stores/${key.storeId}/campaigns`).expect(200);
    await calls.call(key, 'get', '/campaigns').expect(200);
    const short = app.request.get('/api/campaigns').set('Authorization', `Bearer ${key.token}`);
    expect((await short).status).toBe(200);
  });

  it('is 401 where the key is missing, expired or revoked, and 403 where its permission is', async () => {
    const missing = await app.request.get('/api/v1/campaigns');
    expect(missing.status).toBe(401);
    const expired = await app.createKey({ expiresAt: new Date(Date.now() - 1_000) });
    expect(await calls.use(expired.token)).toBe('KEY_EXPIRED');
    const revoked = await app.createKey();
    await calls.call(revoked, 'post', `/keys/${revoked.id}/revoke`).expect(200);
    expect(await calls.use(revoked.token)).toBe('KEY_REVOKED');
    const narrow = await app.createKey({ permissions: { analytics: 'read' } });
    expect(await calls.use(narrow.token)).toBe('PERMISSION_DENIED');
    for (const { token } of [expired, revoked]) await calls.call({ token }, 'get', '/campaigns').expect(401);
    await calls.call(narrow, 'get', '/campaigns').expect(403);
  });

  it('is told who it comes from', async () => {
    const key = await app.createKey({ role: 'read-only' });
    const me = await calls.call<{ id: string; role: { name: string } }>(key, 'get', '/me').expect(200);
    expect(me.body).toMatchObject({ id: key.id, role: { name: 'read-only' } });
  });

  it('stands in the log with the key that made it', async () => {
    const key = await app.createKey();
    const answer = await calls.call(key, 'get', '/campaigns').expect(200);
    const rows = await app.sql(
      'SELECT key_id, key_name, path, status FROM request_log WHERE request_id = $1',
      [fromPublicId('request', answer.headers['x-request-id'])],
    );
    expect(rows).toEqual([
      { key_id: fromPublicId('key', key.id), key_name: 'Test key', path: '/api/v1/campaigns', status: 200 },
    ]);
  });
});

describe('the plan', () => {
  it('Starter reads content and analytics, and writes nothing', async () => {
    const admin = await calls.admin({ plan: 'starter' });
    const key = await app.createKey({ role: 'read-write', storeId: admin.storeId });
    expect(await campaignsOf(key.token)).toEqual({ read: 200, write: 403 });
    const shown = await calls.call(admin, 'get', `/keys/${key.id}`).expect(200);
    expect(shown.body.effective).toMatchObject({ 'content.campaigns': 'read' });
  });

  it.each(['pro', 'agency'])('%s reads and writes, as each key is set', async (plan) => {
    const admin = await calls.admin({ plan });
    const dashboard = await calls.create(admin, { roleId: 'read-only' });
    const automation = await calls.create(admin, { roleId: 'read-write' });
    expect(await campaignsOf(dashboard.token)).toEqual({ read: 200, write: 403 });
    expect(await campaignsOf(automation.token)).toEqual({ read: 200, write: 201 });
  });
});

describe('the list of keys', () => {
  it('shows name, preview, permissions, creation, last use and status', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin, { permissions: { content: 'read' } });
    await calls.use(key.token);
    const shown = (await listKeys(admin)).find(({ id }) => id === key.id);
    expect(shown).toMatchObject({
      name: 'New key',
      preview: key.preview,
      permissions: { content: 'read' },
      status: 'active',
      lastUsedIp: '127.0.0.1',
    });
    expect(Date.parse(shown?.createdAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(Date.parse(shown?.lastUsedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  it('tells the keys that nobody uses, so that they can be revoked', async () => {
    const admin = await calls.admin();
    const [used, unused] = [await calls.create(admin), await calls.create(admin)];
    for (const { id } of [used, unused]) {
      const uuid = fromPublicId('key', id);
      await app.sql(`UPDATE keys SET created_at = now() - interval '91 days' WHERE id = $1`, [uuid]);
      await app.sql(`UPDATE key_secrets SET created_at = now() - interval '91 days' WHERE key_id = $1`, [
        uuid,
      ]);
    }
    await calls.use(used.token);
    expect((await listKeys(admin, '?unusedDays=90')).map(({ id }) => id)).toEqual([unused.id]);
  });

  it('can be asked for the active, the revoked or the expired ones', async () => {
    const admin = await calls.admin();
    const active = await calls.create(admin);
    const revoked = await calls.create(admin);
    await calls.call(admin, 'post', `/keys/${revoked.id}/revoke`).expect(200);
    const expired = await app.createKey({ storeId: admin.storeId, expiresAt: new Date(Date.now() - 1_000) });
    const ids = async (status: string) => (await listKeys(admin, `?status=${status}`)).map(({ id }) => id);
    expect((await ids('active')).sort()).toEqual([admin.id, active.id].sort());
    expect(await ids('revoked')).toEqual([revoked.id]);
    expect(await ids('expired')).toEqual([expired.id]);
  });
});

describe('a key that is there', () => {
  it('can be renamed, and allowed less or more, at any time and without another token', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin, { roleId: 'read-write' });
    const change = (body: object) => calls.call(admin, 'patch', `/keys/${key.id}`).send(body).expect(200);
    expect((await change({ name: 'Renamed' })).body.name).toBe('Renamed');
    await change({ permissions: { content: 'read' } });
    expect(await campaignsOf(key.token)).toEqual({ read: 200, write: 403 });
    await change({ permissions: null });
    expect(await campaignsOf(key.token)).toEqual({ read: 200, write: 201 });
    await change({ roleId: 'read-only' });
    expect(await campaignsOf(key.token)).toEqual({ read: 200, write: 403 });
  });

  it('is revoked at once and for good; its record stays', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    expect(await calls.use(key.token)).toBe('ok');
    await calls.call(admin, 'post', `/keys/${key.id}/revoke`).send({ reason: 'compromised' }).expect(200);
    expect(await calls.use(key.token)).toBe('KEY_REVOKED');
    await calls.call(admin, 'post', `/keys/${key.id}/rotate`).expect(409);
    await calls.call(admin, 'patch', `/keys/${key.id}`).send({ expiresAt: null }).expect(409);
    const shown = await calls.call(admin, 'get', `/keys/${key.id}`).expect(200);
    expect(shown.body).toMatchObject({ status: 'revoked', revokedReason: 'compromised' });
    expect((await listKeys(admin)).map(({ id }) => id)).toContain(key.id);
  });

  it('gets a new secret when it is rotated, and the old one stops working at once', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    const rotated = await calls.call(admin, 'post', `/keys/${key.id}/rotate`).expect(200);
    expect(rotated.body.id).toBe(key.id);
    expect(await calls.use(key.token)).toBe('KEY_EXPIRED');
    expect(await calls.use(rotated.body.token ?? '')).toBe('ok');
  });

  it('is said to be due for rotation after a quarter', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    const due = async () => (await calls.call(admin, 'get', `/keys/${key.id}`).expect(200)).body.rotationDue;
    expect(await due()).toBe(false);
    await app.sql(`UPDATE key_secrets SET created_at = now() - interval '91 days' WHERE key_id = $1`, [
      fromPublicId('key', key.id),
    ]);
    expect(await due()).toBe(true);
    await calls.call(admin, 'post', `/keys/${key.id}/rotate`).expect(200);
    expect(await due()).toBe(false);
  });

  it('is gone when it is deleted, with what it was allowed', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    await calls.call(admin, 'delete', `/keys/${key.id}`).expect(204);
    await calls.call(admin, 'get', `/keys/${key.id}`).expect(404);
    expect(await calls.use(key.token)).toBe('KEY_UNKNOWN');
    expect((await listKeys(admin)).map(({ id }) => id)).not.toContain(key.id);
  });
});
