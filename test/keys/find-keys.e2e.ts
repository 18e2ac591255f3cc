import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { Calls, type KeyView, refusalOf, uuidOf } from './key-calls.js';
import { age, member } from './key-life.js';

let app: TestApp;
let calls: Calls;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
afterAll(() => app.close());

async function named(admin: TestKey, query: string): Promise<string[]> {
  const path = `/stores/${admin.storeId}/keys?sortBy=name&sortOrder=asc&${query}`;
  const { body } = await calls.call<{ data: KeyView[] }>(admin, 'get', path).expect(200);
  return body.data.map(({ name }) => name);
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

describe('the keys of a store are found', () => {
  it('by their role: a built-in one’s name, or its id', async () => {
    const admin = await calls.admin();
    const roleId = (
      await calls.call<{ id: string }>(admin, 'post', '/roles').send({ name: 'Own', grants: {} }).expect(201)
    ).body.id;
    await calls.create(admin, { name: 'Analyst', roleId: 'analyst' });
    await calls.create(admin, { name: 'Own', roleId });
    expect(await named(admin, 'roleId=analyst')).toEqual(['Analyst']);
    expect(await named(admin, `roleId=${roleId}`)).toEqual(['Own']);
    expect(await named(admin, 'roleId=rol_01h455vb4pex5vsknk084sn02q')).toEqual([]);
  });

  it('by the member who answers for them', async () => {
    const admin = await calls.admin();
    const [ada, bob] = [
      await member(app, admin.organizationId, 'Ada'),
      await member(app, admin.organizationId, 'Bob'),
    ];
    await calls.create(admin, { name: 'Hers', ownerId: ada });
    await calls.create(admin, { name: 'His', ownerId: bob });
    await calls.create(admin, { name: 'Nobody’s' });
    expect(await named(admin, `ownerId=${ada}`)).toEqual(['Hers']);
    expect(await named(admin, 'ownerId=mem_01h455vb4pex5vsknk084sn02q')).toEqual([]);
  });

  it('by how long nobody has used them; what is new or has a new secret is in use', async () => {
    const admin = await calls.admin();
    const [never, once, rotated] = [
      await calls.create(admin, { name: 'Never' }),
      await calls.create(admin, { name: 'Once' }),
      await calls.create(admin, { name: 'Rotated' }),
    ];
    await calls.use(once.token);
    for (const key of [never, once, rotated]) await age(app, key.id, 40);
    await calls.call(admin, 'post', `/keys/${rotated.id}/rotate`).expect(200);
    await calls.create(admin, { name: 'New' });

    expect(await named(admin, 'unusedDays=40')).toEqual(['Never', 'Once']);
    expect(await named(admin, 'unusedDays=41')).toEqual([]);
    expect(await named(admin, `unusedSince=${inDays(-39)}`)).toEqual(['Never', 'Once']);
    expect(await named(admin, `unusedSince=${inDays(-39).slice(0, 10)}`)).toEqual(['Never', 'Once']);
    expect(await named(admin, `unusedSince=${inDays(-41)}`)).toEqual([]);
    expect(await calls.use(once.token)).toBe('ok');
    expect(await named(admin, 'unusedDays=1&status=active')).toEqual(['Never']);
  });

  it('by their end: active ones alone', async () => {
    const admin = await calls.admin();
    await calls.create(admin, { name: 'Soon', expiresAt: inDays(5) });
    await calls.create(admin, { name: 'Later', expiresAt: inDays(50) });
    await calls.create(admin, { name: 'Never' });
    const [expired, revoked] = [
      await calls.create(admin, { name: 'Expired' }),
      await calls.create(admin, { name: 'Revoked', expiresAt: inDays(5) }),
    ];
    await app.sql(`UPDATE keys SET expires_at = now() WHERE id = $1`, [uuidOf('key', expired.id)]);
    await calls.call(admin, 'post', `/keys/${revoked.id}/revoke`).expect(200);
    expect(await named(admin, `expiringBefore=${inDays(30)}`)).toEqual(['Soon']);
    expect(await named(admin, `expiringBefore=${inDays(60).slice(0, 10)}`)).toEqual(['Later', 'Soon']);
  });

  it('by whether a new secret is due, as they say themselves', async () => {
    const admin = await calls.admin();
    const [old, revoked] = [
      await calls.create(admin, { name: 'Old' }),
      await calls.create(admin, { name: 'Revoked' }),
    ];
    for (const key of [old, revoked]) await age(app, key.id, 90);
    await calls.call(admin, 'post', `/keys/${revoked.id}/revoke`).expect(200);
    expect(await named(admin, 'rotationDue=true')).toEqual(['Old']);
    expect(await named(admin, 'rotationDue=false')).toEqual(['Revoked', 'Test key']);
    expect((await calls.call(admin, 'get', `/keys/${old.id}`)).body.rotationDue).toBe(true);
  });

  it('by a part of the name or of any secret’s preview, whatever the case and the signs in it', async () => {
    const admin = await calls.admin();
    const first = await calls.create(admin, { name: '50%_off\\sale' });
    await calls.create(admin, { name: '50 off sale' });
    const search = (text: string) => named(admin, `search=${encodeURIComponent(text)}`);
    expect(await search('SALE')).toEqual(['50 off sale', '50%_off\\sale']);
    for (const part of ['%', '_off', '\\', '%_OFF\\']) {
      expect([part, await search(part)]).toEqual([part, ['50%_off\\sale']]);
    }
    expect(await search(first.token.slice(-4).toLowerCase())).toContain('50%_off\\sale');
    await calls.call(admin, 'post', `/keys/${first.id}/rotate`).expect(200);
    expect(await search(first.preview)).toEqual(['50%_off\\sale']);
    expect(await search(first.token.slice(20, 30))).toEqual([]);
  });

  it('by all that is given, page by page', async () => {
    const admin = await calls.admin();
    for (const name of ['Alpha 1', 'Alpha 2', 'Alpha 3', 'Beta 1'])
      await calls.create(admin, { name, roleId: 'analyst' });
    const path = `/stores/${admin.storeId}/keys?search=alpha&roleId=analyst&limit=2`;
    const page = async (more: string) =>
      (
        await calls
          .call<{
            data: KeyView[];
            pagination: { nextCursor: string | null; totalCount: number };
          }>(admin, 'get', path + more)
          .expect(200)
      ).body;
    const first = await page('');
    expect(first.pagination.totalCount).toBe(3);
    const second = await page(`&cursor=${first.pagination.nextCursor}`);
    expect([...first.data, ...second.data].map(({ name }) => name)).toEqual([
      'Alpha 3',
      'Alpha 2',
      'Alpha 1',
    ]);
    const foreign = await calls.call(
      admin,
      'get',
      path.replace('search=alpha', 'search=beta') + `&cursor=${first.pagination.nextCursor}`,
    );
    expect(refusalOf(foreign)).toEqual([400, 'INVALID_INPUT', expect.objectContaining({ field: 'cursor' })]);
  });

  it.each([
    ['roleId=emperor', 'roleId'],
    ['roleId=analyst&roleId=admin', 'roleId'],
    ['ownerId=key_01h455vb4pex5vsknk084sn02q', 'ownerId'],
    ['unusedSince=yesterday', 'unusedSince'],
    ['unusedDays=0', 'unusedDays'],
    ['unusedDays=3651', 'unusedDays'],
    ['expiringBefore=2026-02-30', 'expiringBefore'],
    ['rotationDue=1', 'rotationDue'],
    ['search=', 'search'],
    [`search=${'x'.repeat(101)}`, 'search'],
    ['unused=1', 'unused'],
  ])('and not by %s', async (query, field) => {
    const admin = await calls.admin();
    const answer = await calls.call(admin, 'get', `/stores/${admin.storeId}/keys?${query}`);
    expect(refusalOf(answer)).toEqual([400, 'INVALID_INPUT', expect.objectContaining({ field })]);
  });
});

describe('what a key has used today', () => {
  it('is shown with it, charged or not, and is no new version of it', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin, { permissions: { content: 'read' } });
    const get = () => calls.call(admin, 'get', `/keys/${key.id}`).expect(200);
    const before = await get();
    expect(before.body.usageToday).toEqual({ requests: 0, charged: 0 });
    await calls.use(key.token);
    await calls.use(key.token);
    expect((await calls.call(key, 'delete', '/campaigns/cmp_01h455vb4pex5vsknk084sn02q')).status).toBe(403);
    const after = await get();
    expect(after.body.usageToday).toEqual({ requests: 3, charged: 2 });
    expect(after.headers['etag']).toBe(before.headers['etag']);
    const { body } = await calls.call<{ data: KeyView[] }>(
      admin,
      'get',
      `/stores/${admin.storeId}/keys?search=New`,
    );
    expect(body.data[0]?.usageToday).toEqual({ requests: 3, charged: 2 });

    await app.sql(`UPDATE key_usage SET hour = hour - interval '1 day' WHERE key_id = $1`, [
      uuidOf('key', key.id),
    ]);
    expect((await get()).body.usageToday).toEqual({ requests: 0, charged: 0 });
  });
});
