import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { Calls, refusalOf, uuidOf } from '../keys/key-calls.js';
import { linedUp } from '../keys/line-up.js';

interface StoreView {
  id: string;
  organizationId: string;
  name: string;
  kind: string;
  liveStoreId: string | null;
  updatedAt: string;
}
interface OrganizationView {
  id: string;
  name: string;
  status: string;
  plan: string;
  limits: object;
  stores: StoreView[];
}

let app: TestApp;
let calls: Calls;
let admin: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
beforeEach(async () => {
  admin = await calls.admin();
});
afterAll(() => app.close());

const create = (name: unknown, by: TestKey = admin) =>
  calls.call<StoreView>(by, 'post', '/stores').send({ name });
const list = async (query = '') =>
  (await calls.call<{ data: StoreView[] }>(admin, 'get', `/stores${query}`).expect(200)).body.data;

describe('stores', () => {
  it('are created live, and listed with the organization’s others alone', async () => {
    const { status, headers, body } = await create('Second');
    expect([status, headers['location']]).toEqual([201, `/api/v1/stores/${body.id}`]);
    expect(body).toMatchObject({
      organizationId: admin.organizationId,
      name: 'Second',
      kind: 'live',
      liveStoreId: null,
    });
    await create('Foreign', await calls.admin()).expect(201);
    expect((await list('?sortBy=name&sortOrder=asc')).map(({ name }) => name)).toEqual([
      'Second',
      'Test store',
    ]);
    expect(await list('?kind=sandbox')).toEqual([]);
  });

  it.each([undefined, '', null, 7, 'x'.repeat(101)])('are not called %j', async (name) => {
    expect(refusalOf(await create(name))).toEqual([
      400,
      'INVALID_INPUT',
      expect.objectContaining({ field: 'name' }),
    ]);
  });

  it('are renamed, for the version it was meant for alone', async () => {
    const url = `/stores/${admin.storeId}`;
    const { headers } = await calls.call(admin, 'get', url).expect(200);
    const rename = (name: string) =>
      calls
        .call<StoreView>(admin, 'patch', url)
        .set('If-Match', headers['etag'] ?? '')
        .send({ name });
    expect((await rename('Renamed').expect(200)).body.name).toBe('Renamed');
    expect(refusalOf(await rename('Again'))[1]).toBe('PRECONDITION_FAILED');
    const other = await calls.admin();
    expect((await calls.call(other, 'patch', url).send({ name: 'Mine' })).status).toBe(404);
    expect((await calls.call(other, 'get', url)).status).toBe(404);
    expect((await list()).map(({ name }) => name)).toEqual(['Renamed']);
  });

  it('get one sandbox each, whose keys are test keys with a quota of their own', async () => {
    const url = `/stores/${admin.storeId}/sandbox`;
    const send = () => calls.call<StoreView>(admin, 'post', url);
    const made = await linedUp(app, 'stores', 3, () => Promise.all([send(), send(), send()]));
    expect(made.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const sandbox = made.find(({ status }) => status === 201)?.body;
    expect(sandbox).toMatchObject({
      kind: 'sandbox',
      liveStoreId: admin.storeId,
      name: 'Test store (sandbox)',
    });
    expect((await calls.call(admin, 'post', url)).status).toBe(409);
    expect(await list('?kind=sandbox')).toEqual([sandbox]);

    const tester = await app.createKey({ role: 'admin', storeId: sandbox?.id });
    expect(tester.token).toMatch(/^gate_test_/);
    const nested = await calls.call(tester, 'post', `/stores/${sandbox?.id}/sandbox`);
    expect(refusalOf(nested)).toEqual([409, 'CONFLICT', undefined]);
    const remaining = async (key: TestKey) =>
      (await calls.call(key, 'get', '/campaigns').expect(200)).headers['x-ratelimit-remaining'];
    const before = Number(await remaining(admin));
    await remaining(tester);
    expect(Number(await remaining(admin))).toBe(before - 1);
  });

  it('of the organization are no business of test keys, but for their own sandbox', async () => {
    const tester = await calls.admin({ sandbox: true });
    for (const answer of [await calls.call(tester, 'get', '/stores'), await create('X', tester)])
      expect([answer.status, answer.body.error.code]).toEqual([403, 'PERMISSION_DENIED']);
    await calls.call(tester, 'get', `/stores/${tester.storeId}`).expect(200);
  });
});

describe('one’s own organization', () => {
  it('is shown with its plan and stores, and can be renamed', async () => {
    const { body, headers } = await calls.call<OrganizationView>(admin, 'get', '/organization').expect(200);
    expect(body).toMatchObject({
      id: admin.organizationId,
      status: 'active',
      plan: 'hourly-enterprise',
      limits: {
        hour: 'plan',
        day: 'plan',
        pollSeconds: 'plan',
        activeKeysPerStore: 'plan',
        highestLevel: 'plan',
      },
      stores: [{ id: admin.storeId, name: 'Test store' }],
    });
    const rename = (name: string) =>
      calls
        .call<OrganizationView>(admin, 'patch', '/organization')
        .set('If-Match', headers['etag'] ?? '')
        .send({ name });
    expect((await rename('Renamed').expect(200)).body.name).toBe('Renamed');
    expect((await rename('Again')).status).toBe(412);
  });

  it('cannot be given another plan, state or limit by itself', async () => {
    for (const field of ['plan', 'status', 'limits']) {
      const answer = await calls.call(admin, 'patch', '/organization').send({ name: 'X', [field]: 'agency' });
      expect(refusalOf(answer)).toEqual([400, 'INVALID_INPUT', expect.objectContaining({ field })]);
    }
    const rows = await app.sql('SELECT plan_id FROM organizations WHERE id = $1', [
      uuidOf('organization', admin.organizationId),
    ]);
    expect(rows).toEqual([{ plan_id: 'hourly-enterprise' }]);
  });
});
