import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RouteInventory } from '../../src/gate/index.js';
import { Calls, refusalOf, uuidOf } from '../keys/key-calls.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

interface ResetView {
  id: string;
  kind: string;
  cleared: Record<string, number>;
}

let app: TestApp;
let calls: Calls;
let live: TestKey;
let tester: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
beforeEach(async () => {
  live = await calls.admin({ plan: 'pro' });
  const { body } = await calls.call<{ id: string }>(live, 'post', `/stores/${live.storeId}/sandbox`);
  tester = await app.createKey({ role: 'admin', storeId: body.id });
});
afterAll(() => app.close());

const reset = (storeId: string, by: TestKey) => calls.call<ResetView>(by, 'post', `/stores/${storeId}/reset`);
const addCampaign = (by: TestKey) =>
  calls.call(by, 'post', '/campaigns').send({ name: 'Spring', platform: 'email' }).expect(201);
const campaigns = (key: TestKey) =>
  app.sql('SELECT 1 FROM campaigns WHERE store_id = $1', [uuidOf('store', key.storeId)]);
const used = async (subject: string) =>
  (
    await app.sql<{ used: number }>('SELECT day_used AS used FROM quota_ledger WHERE subject = $1', [subject])
  )[0]?.used;

describe('resetting a sandbox', () => {
  it('removes its content, with a change row for each, and nobody else’s', async () => {
    await addCampaign(live);
    await addCampaign(tester);
    await addCampaign(tester);
    const answer = await reset(tester.storeId, tester).expect(200);
    expect(answer.body).toMatchObject({ id: tester.storeId, kind: 'sandbox', cleared: { campaigns: 2 } });
    expect(await campaigns(tester)).toEqual([]);
    expect(await campaigns(live)).toHaveLength(1);
    const requestId = uuidOf('request', answer.headers['x-request-id'] ?? '');
    expect(await app.sql('SELECT entity, action FROM change_log WHERE request_id = $1', [requestId])).toEqual(
      [
        { entity: 'campaign', action: 'delete' },
        { entity: 'campaign', action: 'delete' },
      ],
    );
    expect(await app.sql('SELECT type, data FROM events WHERE request_id = $1', [requestId])).toMatchObject([
      { type: 'store.reset', data: { id: tester.storeId, cleared: { campaigns: 2 } } },
    ]);
  });

  it('lets its quota and its polling interval begin anew, and no other', async () => {
    const [store, organization] = [
      uuidOf('store', tester.storeId),
      uuidOf('organization', live.organizationId),
    ];
    expect([await calls.use(tester.token), await calls.use(tester.token)]).toEqual([
      'ok',
      'POLLING_TOO_FAST',
    ]);
    expect([await calls.use(live.token), await calls.use(live.token)]).toEqual(['ok', 'POLLING_TOO_FAST']);
    const before = await used(organization);
    expect(await used(store)).toBeGreaterThan(0);
    const { body } = await reset(tester.storeId, tester).expect(200);
    expect(body.cleared).toMatchObject({ quota: 1, pollingMarks: 1 });
    expect([await used(store), await used(organization)]).toEqual([0, before]);
    expect([await calls.use(tester.token), await calls.use(live.token)]).toEqual(['ok', 'POLLING_TOO_FAST']);
  });

  it('lets the limits of a key of its own begin anew too', async () => {
    await app.sql('UPDATE keys SET day_limit = 2 WHERE id = $1', [uuidOf('key', tester.id)]);
    await addCampaign(tester);
    const { body } = await reset(tester.storeId, tester).expect(200);
    expect(body.cleared).toMatchObject({ quota: 2 });
    expect(await calls.use(tester.token)).toBe('ok');
  });

  it('goes by while its key is busy, and the key goes on', async () => {
    await app.sql(`UPDATE organizations SET poll_seconds = 0`);
    const busy = Array.from({ length: 20 }, () => calls.use(tester.token));
    const resets = [1, 2, 3].map(() => reset(tester.storeId, tester));
    expect((await Promise.all(resets)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(await Promise.all(busy))).toEqual(new Set(['ok']));
  });

  it('is repeated with its Idempotency-Key without being done again', async () => {
    await addCampaign(tester);
    const send = () => reset(tester.storeId, tester).set('Idempotency-Key', 'once');
    const first = await send().expect(200);
    await addCampaign(tester);
    expect((await send().expect(200)).body).toEqual(first.body);
    expect(await campaigns(tester)).toHaveLength(1);
  });

  it('is refused for a live store, for a foreign one, and without the level', async () => {
    await addCampaign(live);
    expect(refusalOf(await reset(live.storeId, live))).toEqual([409, 'CONFLICT', undefined]);
    expect(await campaigns(live)).toHaveLength(1);
    expect((await reset(tester.storeId, await calls.admin())).status).toBe(404);
    const weak = await app.createKey({ role: 'read-write', storeId: tester.storeId });
    expect(refusalOf(await reset(tester.storeId, weak))[1]).toBe('PERMISSION_DENIED');
  });

  it('is open to a member for the sandboxes of the organization', async () => {
    const operator = await app.signIn();
    const sandboxes = await calls
      .call<{ data: { id: string }[] }>(operator, 'get', '/stores?kind=sandbox')
      .expect(200);
    const id = sandboxes.body.data[0]?.id ?? '';
    const made = await calls.call<ResetView>(operator, 'post', `/stores/${id}/reset`).expect(200);
    expect(made.body.cleared).toMatchObject({ campaigns: 0 });
    expect((await calls.call(operator, 'post', `/stores/${tester.storeId}/reset`)).status).toBe(404);
  });
});

describe('keys of a sandbox', () => {
  it('are test keys, and reach nothing of the whole organization', async () => {
    const made = await calls.create(tester, { name: 'Made in the sandbox' });
    expect([made.environment, made.token.slice(0, 10)]).toEqual(['test', 'gate_test_']);
    const routes = app
      .get(RouteInventory)
      .list()
      .filter(({ declaration }) => declaration.organizationWide);
    const paths = new Set(routes.map(({ path }) => path));
    for (const path of ['/members', '/invitations', '/roles', '/stores', '/organization'])
      expect(paths).toContain(`/api/v1${path}`);
    for (const { method, path } of routes) {
      const url = path.replace('/api/v1', '').replace(':id', 'rol_01h455vb4pex5vsknk084sn02q');
      const answer = await calls.call(tester, method.toLowerCase() as 'get', url);
      expect([method, path, ...refusalOf(answer).slice(0, 2)]).toEqual([
        method,
        path,
        403,
        'PERMISSION_DENIED',
      ]);
    }
  });
});

describe('what happens to organizations and stores', () => {
  it('is told as events: made, changed, suspended, resumed', async () => {
    const operator = await app.signIn();
    const { body } = await calls
      .call<{ id: string; stores: { id: string }[] }>(operator, 'post', '/organizations')
      .send({
        name: 'New',
        plan: 'pro',
        admin: { email: 'new@example.org', password: 'a long enough password' },
      })
      .expect(201);
    const patch = (change: object) =>
      calls.call(operator, 'patch', `/organizations/${body.id}`).send(change).expect(200);
    await patch({ name: 'Newer', status: 'suspended' });
    await patch({ status: 'suspended' });
    await patch({ status: 'active' });
    const types = async (ids: string[]) =>
      (
        await app.sql<{ type: string }>(
          'SELECT type FROM events WHERE subject_id = ANY ($1) ORDER BY occurred_at, id',
          [ids],
        )
      ).map(({ type }) => type);
    expect(await types([body.id])).toEqual([
      'organization.created',
      'organization.updated',
      'organization.suspended',
      'organization.resumed',
    ]);
    expect(await types(body.stores.map(({ id }) => id))).toEqual(['store.created', 'store.created']);
    await calls.call(live, 'patch', `/stores/${live.storeId}`).send({ name: 'Renamed' }).expect(200);
    await calls.call(live, 'patch', `/stores/${live.storeId}`).send({ name: 'Renamed' }).expect(200);
    expect(await types([live.storeId])).toEqual(['store.created', 'store.updated']);
    await calls.call(live, 'patch', '/organization').send({ name: 'Ours' }).expect(200);
    expect(await types([live.organizationId])).toEqual(['organization.created', 'organization.updated']);
  });
});
