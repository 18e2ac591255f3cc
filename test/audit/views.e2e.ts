import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { type Answer, call, type Call, codeOf, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { faultsOf } from './log-rows.js';

interface View {
  readonly id: string;
  readonly name: string;
  readonly filters: Record<string, string>;
  readonly shared: boolean;
  readonly owner: { readonly type: string; readonly id: string };
}

let app: TestApp;
let owner: TestKey;
let colleague: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  owner = await app.createKey({ role: 'compliance' });
  colleague = await app.createKey({ role: 'compliance', storeId: owner.storeId });
});
afterAll(() => app.close());

const send = (key: TestKey, method: string, path = '', body?: object, options: Call = {}): Promise<Answer> =>
  call(app.url, `/api/v1/audit/views${path}`, { method, token: key.token, body, ...options });
const REFUSED = { name: 'Refused', filters: { status: '4xx', from: '2026-03-01', ip: '10.0.0.0/8' } };
const create = async (key: TestKey, fields: object = {}) =>
  json<View>(await send(key, 'POST', '', { ...REFUSED, ...fields }));
const listed = async (key: TestKey, query = '') =>
  json<{ data: View[] }>(await send(key, 'GET', query)).data.map(({ name }) => name);

describe('saved views', () => {
  it('are created, changed, listed and deleted, and are in the change log', async () => {
    const made = await send(owner, 'POST', '', REFUSED);
    const view = json<View>(made);
    expect([made.status, made.headers['location']]).toEqual([201, `/api/v1/audit/views/${view.id}`]);
    expect(view).toMatchObject({ ...REFUSED, shared: false, owner: { type: 'key', id: owner.id } });

    const changed = await send(owner, 'PATCH', `/${view.id}`, { name: 'Refused in March' });
    expect(json(changed)).toMatchObject({ name: 'Refused in March', filters: REFUSED.filters });
    expect(json(await send(owner, 'GET', `/${view.id}`))).toEqual(json(changed));
    expect(await listed(owner)).toEqual(['Refused in March']);
    expect((await send(owner, 'DELETE', `/${view.id}`)).status).toBe(204);
    expect((await send(owner, 'GET', `/${view.id}`)).status).toBe(404);
    const changes = await call(app.url, `/api/v1/audit/changes?entityId=${view.id}`, { token: owner.token });
    expect(json<{ data: { action: string }[] }>(changes).data.map(({ action }) => action)).toEqual([
      'delete',
      'update',
      'insert',
    ]);
  });

  it('are one’s own, or shared within the organization', async () => {
    const own = await create(owner, { name: 'Own' });
    const shared = await create(owner, { name: 'Shared', shared: true });
    expect(await listed(owner, '?sortBy=name&sortOrder=asc')).toEqual(['Own', 'Shared']);
    expect(await listed(colleague)).toEqual(['Shared']);
    expect((await send(colleague, 'GET', `/${own.id}`)).status).toBe(404);
    expect((await send(colleague, 'GET', `/${shared.id}`)).status).toBe(200);
    expect(codeOf(await send(colleague, 'PATCH', `/${shared.id}`, { name: 'x' }))).toBe('PERMISSION_DENIED');
    expect(codeOf(await send(colleague, 'DELETE', `/${shared.id}`))).toBe('PERMISSION_DENIED');
    expect((await send(colleague, 'DELETE', `/${own.id}`)).status).toBe(404);
    const stranger = await app.createKey({ role: 'admin' });
    expect(await listed(stranger)).toEqual([]);
    expect((await send(stranger, 'GET', `/${shared.id}`)).status).toBe(404);
    const admin = await app.createKey({ role: 'admin', storeId: owner.storeId });
    expect((await send(admin, 'DELETE', `/${shared.id}`)).status).toBe(204);
  });

  it.each([
    [{ filters: { colour: 'red' } }, 'filters.colour'],
    [{ filters: { status: '9xx' } }, 'filters.status'],
    [{ filters: { ip: '10.0.0.0/99' } }, 'filters.ip'],
    [{ filters: { limit: '5' } }, 'filters.limit'],
    [{ filters: { keyId: 'key_x' } }, 'filters.keyId'],
    [{ filters: { status: 404 } }, 'filters.status'],
    [{ name: ' ' }, 'name'],
    [{ filters: undefined }, 'filters'],
  ])('refuse %j', async (fields, field) => {
    const refused = await send(owner, 'POST', '', { ...REFUSED, ...fields });
    expect([refused.status, faultsOf(refused).map(([name]) => name)]).toEqual([400, [field]]);
  });

  it('refuse a change of an older version, and answer a repeated POST once', async () => {
    const headers = { 'Idempotency-Key': newUuid() };
    const made = await send(owner, 'POST', '', REFUSED, { headers });
    const again = await send(owner, 'POST', '', REFUSED, { headers });
    expect([again.headers['idempotency-replayed'], json(again)]).toEqual(['true', json(made)]);
    const { id } = json<View>(made);
    const patch = (tag: string) =>
      send(owner, 'PATCH', `/${id}`, { name: 'Later' }, { headers: { 'If-Match': tag } });
    expect((await patch('"older"')).status).toBe(412);
    expect((await patch(String(made.headers['etag']))).status).toBe(200);
    expect((await send(owner, 'GET', `/${toPublicId('auditView', newUuid())}`)).status).toBe(404);
  });

  it('are at most a hundred of an organization, however many are asked for at once', async () => {
    const key = await app.createKey({ role: 'compliance' });
    const answers = await Promise.all(Array.from({ length: 104 }, () => send(key, 'POST', '', REFUSED)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(100);
    expect([...new Set(answers.filter(({ status }) => status !== 201).map(codeOf))]).toEqual(['CONFLICT']);
  });
});
