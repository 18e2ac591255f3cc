import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Calls, type KeyView, refusalOf, uuidOf } from './key-calls.js';

interface Page {
  data: KeyView[];
  pagination: { page: number | null; totalCount: number; hasMore: boolean; nextCursor: string | null };
}

let app: TestApp;
let calls: Calls;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
afterAll(() => app.close());

const expire = (id: string) =>
  app.sql(`UPDATE keys SET expires_at = now() - interval '1 second' WHERE id = $1`, [uuidOf('key', id)]);

describe('the list of a store’s keys', () => {
  it('is filtered by status, ordered, and cut into pages that a cursor leads through', async () => {
    const admin = await calls.admin();
    const names = ['Ada', 'Bob', 'Cyd', 'Dan'];
    const ids = new Map<string, string>();
    for (const name of names) ids.set(name, (await calls.create(admin, { name })).id);
    await calls.call(admin, 'post', `/keys/${ids.get('Bob')}/revoke`).expect(200);
    await expire(ids.get('Cyd') ?? '');
    const list = async (query: string) =>
      (await calls.call<Page>(admin, 'get', `/stores/${admin.storeId}/keys${query}`).expect(200)).body;
    const namesOf = (page: Page) => page.data.map(({ name }) => name);

    expect(namesOf(await list(''))).toEqual(['Dan', 'Cyd', 'Bob', 'Ada', 'Test key']);
    expect(namesOf(await list('?status=active&sortBy=name&sortOrder=asc'))).toEqual([
      'Ada',
      'Dan',
      'Test key',
    ]);
    expect(namesOf(await list('?status=revoked'))).toEqual(['Bob']);
    const expired = await list('?status=expired');
    expect(expired.data).toEqual([expect.objectContaining({ name: 'Cyd', status: 'expired' })]);

    const seen: string[] = [];
    let query = '?limit=2&sortBy=name&sortOrder=asc';
    for (let page = await list(query); ; page = await list(query)) {
      seen.push(...namesOf(page));
      expect(page.pagination.totalCount).toBe(5);
      if (page.pagination.nextCursor === null) break;
      query = `?limit=2&sortBy=name&sortOrder=asc&cursor=${page.pagination.nextCursor}`;
    }
    expect(seen).toEqual(['Ada', 'Bob', 'Cyd', 'Dan', 'Test key']);
    expect(namesOf(await list('?limit=2&page=3&sortBy=name&sortOrder=asc'))).toEqual(['Test key']);
    const unknown = await calls.call(admin, 'get', `/stores/${admin.storeId}/keys?status=gone`);
    expect(refusalOf(unknown)).toEqual([400, 'INVALID_INPUT', expect.objectContaining({ field: 'status' })]);
  });
});

describe('a key’s reach', () => {
  it('is its own store: neither its organization’s others, nor another organization’s', async () => {
    const admin = await calls.admin();
    const other = await calls.admin();
    const store = await calls
      .call<{ id: string }>(admin, 'post', '/stores')
      .send({ name: 'Second' })
      .expect(201);
    const sibling = await app.createKey({ storeId: store.body.id });
    for (const foreign of [sibling, other]) {
      const answers = [
        await calls.call(admin, 'get', `/keys/${foreign.id}`),
        await calls.call(admin, 'patch', `/keys/${foreign.id}`).send({ name: 'Mine' }),
        await calls.call(admin, 'post', `/keys/${foreign.id}/rotate`),
        await calls.call(admin, 'post', `/keys/${foreign.id}/revoke`),
        await calls.call(admin, 'delete', `/keys/${foreign.id}`),
        await calls.call(admin, 'get', `/stores/${foreign.storeId}/keys`),
        await calls
          .call(admin, 'post', `/stores/${foreign.storeId}/keys`)
          .send({ name: 'X', roleId: 'read-only' }),
      ];
      expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual(
        answers.map(() => [404, 'NOT_FOUND']),
      );
      expect(await calls.use(foreign.token)).toBe('ok');
    }
    const absent = await calls.call(admin, 'get', '/keys/key_01h455vb4pex5vsknk084sn02q');
    const foreign = await calls.call(admin, 'get', `/keys/${other.id}`);
    expect(absent.body.error.message).toBe(foreign.body.error.message);
    expect(refusalOf(await calls.call(admin, 'get', '/keys/nonsense'))[0]).toBe(404);
  });

  it('of a key without grants on keys is itself, to look at', async () => {
    const admin = await calls.admin();
    const [own, other] = [await calls.create(admin, { roleId: 'read-only' }), await calls.create(admin)];
    const { body } = await calls.call({ token: own.token }, 'get', `/keys/${own.id}`).expect(200);
    expect(body.id).toBe(own.id);
    expect(refusalOf(await calls.call({ token: own.token }, 'get', `/keys/${other.id}`))).toEqual([
      403,
      'PERMISSION_DENIED',
      { resource: 'settings.keys', required: 'read', granted: 'none', limitedBy: 'role' },
    ]);
    const patch = await calls.call({ token: own.token }, 'patch', `/keys/${own.id}`).send({ name: 'Me' });
    expect(patch.status).toBe(403);
  });
});

describe('changing a key', () => {
  it('changes what is named, keeps the rest, and needs no new secret', async () => {
    const admin = await calls.admin();
    const { token, ...before } = await calls.create(admin, {
      permissions: { content: 'read' },
      metadata: { a: '1' },
    });
    const patch = async (body: object) =>
      (await calls.call(admin, 'patch', `/keys/${before.id}`).send(body).expect(200)).body;
    const changed = { updatedAt: expect.any(String), effective: expect.any(Object) };

    expect(await patch({ name: 'Renamed' })).toEqual({ ...before, ...changed, name: 'Renamed' });
    const expiresAt = '2090-01-01T00:00:00.000Z';
    const all = {
      metadata: { b: '2' },
      ipAllowlist: ['127.0.0.1'],
      permissions: { content: 'write' },
      expiresAt,
    };
    const wider = await patch({ ...all, roleId: 'admin' });
    expect(wider).toEqual({
      ...before,
      ...changed,
      ...all,
      name: 'Renamed',
      role: expect.objectContaining({ name: 'admin' }),
    });
    expect(wider.effective['content.campaigns']).toBe('write');
    const none = { permissions: null, ipAllowlist: null, expiresAt: null, metadata: {} };
    const bare = await patch(none);
    expect(bare).toEqual({ ...wider, ...changed, ...none });
    expect(bare.effective['settings.keys']).toBe('admin');
    expect(await calls.use(token)).toBe('ok');
  });

  it('binds the next request of a key that is warm', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin, { roleId: 'admin' });
    const patch = (body: object) => calls.call(admin, 'patch', `/keys/${key.id}`).send(body).expect(200);
    const answers: string[] = [];
    for (const body of [
      { name: 'Warm' },
      { permissions: { analytics: 'read' } },
      { permissions: { content: 'read' } },
      { permissions: {} },
      { permissions: null, ipAllowlist: ['203.0.113.0/24'] },
      { ipAllowlist: null, roleId: 'compliance' },
    ]) {
      await patch(body);
      answers.push(await calls.use(key.token));
    }
    expect(answers).toEqual(['ok', 'PERMISSION_DENIED', 'ok', 'PERMISSION_DENIED', 'IP_NOT_ALLOWED', 'ok']);
  });

  it.each<[object, string]>([
    [{ name: '' }, 'name'],
    [{ name: null }, 'name'],
    [{ roleId: null }, 'roleId'],
    [{ roleId: 'nobody' }, 'roleId'],
    [{ permissions: { billing: 'read' } }, 'permissions.billing'],
    [{ ipAllowlist: ['nowhere'] }, 'ipAllowlist[0]'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresIn: '2y' }, 'expiresIn'],
    [{ expiresIn: '30d', expiresAt: '2090-01-01T00:00:00Z' }, 'expiresAt'],
    [{ ownerId: 'key_01h455vb4pex5vsknk084sn02q' }, 'ownerId'],
    [{ status: 'revoked' }, 'status'],
  ])('refuses %j', async (body, field) => {
    const admin = await app.createKey({ role: 'admin' });
    const answer = await calls.call(admin, 'patch', `/keys/${admin.id}`).send(body);
    expect(refusalOf(answer)).toEqual([400, 'INVALID_INPUT', expect.objectContaining({ field })]);
  });

  it('cannot bring back what has ended: its end stays, other fields may change', async () => {
    const admin = await calls.admin();
    const [expired, revoked] = [await calls.create(admin), await calls.create(admin)];
    await expire(expired.id);
    await calls.call(admin, 'post', `/keys/${revoked.id}/revoke`).expect(200);
    for (const [key, status] of [
      [expired, 'expired'],
      [revoked, 'revoked'],
    ] as const) {
      for (const expiresAt of ['2090-01-01T00:00:00Z', null]) {
        const answer = await calls.call(admin, 'patch', `/keys/${key.id}`).send({ expiresAt });
        expect(refusalOf(answer)).toEqual([409, 'CONFLICT', { status }]);
      }
      await calls.call(admin, 'patch', `/keys/${key.id}`).send({ name: 'Old' }).expect(200);
      expect(await calls.use(key.token)).toBe(`KEY_${status.toUpperCase()}`);
    }
  });

  it('goes through for the version it was made for alone', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    const url = `/keys/${key.id}`;
    const { headers } = await calls.call(admin, 'get', url).expect(200);
    const etag = headers['etag'] ?? '';
    await calls.use(key.token);
    const used = await calls.call(admin, 'get', url);
    expect([used.body.lastUsedAt === null, used.headers['etag']]).toEqual([false, etag]);
    await calls.call(admin, 'patch', url).set('If-Match', etag).send({ name: 'Second' }).expect(200);

    const stale = [
      await calls.call(admin, 'patch', url).set('If-Match', etag).send({ name: 'Third' }),
      await calls.call(admin, 'delete', url).set('If-Match', etag),
    ];
    expect(stale.map((answer) => [answer.status, answer.body.error.code])).toEqual([
      [412, 'PRECONDITION_FAILED'],
      [412, 'PRECONDITION_FAILED'],
    ]);
    expect((await calls.call(admin, 'get', url)).body.name).toBe('Second');
    expect((await calls.call(admin, 'get', url).set('If-None-Match', etag)).status).toBe(200);
    await calls.call(admin, 'delete', url).set('If-Match', '*').expect(204);
  });
});

describe('what a key may do', () => {
  it('is the least of its role, its permissions and its plan; wider permissions are shown as capped', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin, {
      roleId: 'admin',
      permissions: { content: 'write', settings: 'admin' },
    });
    expect(key.effective).toMatchObject({ 'content.campaigns': 'write', 'settings.keys': 'admin' });
    await app.sql(`UPDATE organizations SET plan_id = 'starter' WHERE id = $1`, [
      uuidOf('organization', admin.organizationId),
    ]);
    const { body } = await calls.call({ token: key.token }, 'get', `/keys/${key.id}`).expect(200);
    expect(body.permissions).toEqual({ content: 'write', settings: 'admin' });
    const levelsOf = (category: string) =>
      Object.entries(body.effective).flatMap(([name, held]) => (name.startsWith(category) ? [held] : []));
    expect(new Set([...levelsOf('content.'), ...levelsOf('settings.')])).toEqual(new Set(['read']));
    expect(new Set(levelsOf('compliance.'))).toEqual(new Set(['none']));
    const write = () =>
      calls.call({ token: key.token }, 'post', '/campaigns').send({ name: 'X', platform: 'email' });
    const refusal = { resource: 'content.campaigns', required: 'write', granted: 'read', limitedBy: 'plan' };
    expect(refusalOf(await write())).toEqual([
      403,
      'PERMISSION_DENIED',
      { ...refusal, upgrade: 'hourly-starter' },
    ]);
    // what the organization's own limit holds down, no plan lifts
    await app.sql(`UPDATE organizations SET highest_level = 'read' WHERE id = $1`, [
      uuidOf('organization', admin.organizationId),
    ]);
    expect(refusalOf(await write())).toEqual([403, 'PERMISSION_DENIED', { ...refusal, upgrade: null }]);
  });
});

describe('the last use of a key', () => {
  it('appears with its time and address, for the secret that was used', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    const before = Date.now() - 1_000;
    await calls.use(key.token);
    const { body } = await calls.call(admin, 'get', `/keys/${key.id}`);
    expect(Date.parse(body.lastUsedAt ?? '')).toBeGreaterThan(before);
    expect(body.lastUsedIp).toBe('127.0.0.1');
    expect(body.secrets[0]).toMatchObject({ lastUsedAt: body.lastUsedAt, lastUsedIp: '127.0.0.1' });
  });
});
