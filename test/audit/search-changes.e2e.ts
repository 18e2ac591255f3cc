import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromPublicId, newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { type Answer, call, codeOf, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { allOf, faultsOf, pageOf } from './log-rows.js';

interface Change {
  readonly id: string;
  readonly actor: { type: string; id: string };
  readonly action: string;
  readonly entity: string;
  readonly entityId: string;
  readonly storeId: string | null;
  readonly requestId: string | null;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}

let app: TestApp;
let admin: TestKey;
let stranger: TestKey;
let campaign: string;
let renaming: Answer;

const send = (method: string, path: string, body?: object, token = admin.token) =>
  call(app.url, `/api/v1${path}`, { method, token, body });

beforeAll(async () => {
  app = await startTestApp();
  admin = await app.createKey({ role: 'admin' });
  stranger = await app.createKey({ role: 'admin' });
  campaign = json<{ id: string }>(await send('POST', '/campaigns', { name: 'Spring', platform: 'email' })).id;
  renaming = await send('PATCH', `/campaigns/${campaign}`, { name: 'Summer' });
  await send('DELETE', `/campaigns/${campaign}`);
  await app.sql(`UPDATE stores SET name = 'By hand' WHERE id = $1`, [fromPublicId('store', admin.storeId)]);
});
afterAll(() => app.close());

const changes = (query: string, token = admin.token) => allOf<Change>(app, token, `/audit/changes?${query}`);
const kinds = (found: readonly Change[]) => found.map(({ entity, action }) => `${entity} ${action}`);

describe('GET /audit/changes', () => {
  it('answers the organization’s changes, the newest first, on pages of any length', async () => {
    const all = await changes('limit=100');
    expect(kinds(all)).toEqual([
      'store update',
      'campaign delete',
      'campaign update',
      'campaign insert',
      'key_secret insert',
      'key insert',
      'store insert',
      'organization insert',
    ]);
    expect(await changes('limit=3')).toEqual(all);
    expect(await changes('limit=1&sortOrder=asc')).toEqual([...all].reverse());
    expect((await pageOf(app, admin.token, '/audit/changes?limit=1&count=true')).pagination.totalCount).toBe(
      all.length,
    );
  });

  it('tells what was before and after, in public ids', async () => {
    const [change] = await changes(`entityId=${campaign}&action=update`);
    expect(change).toMatchObject({
      actor: { type: 'key', id: admin.id },
      entity: 'campaign',
      entityId: campaign,
      storeId: admin.storeId,
      requestId: renaming.headers['x-request-id'],
      before: { id: campaign, store_id: admin.storeId, name: 'Spring' },
      after: { id: campaign, store_id: admin.storeId, name: 'Summer' },
    });
  });

  it('filters by thing, actor, action, store, request and time', async () => {
    expect(kinds(await changes(`entityId=${campaign}`))).toHaveLength(3);
    expect(await changes(`entityId=${campaign}&entity=key`)).toEqual([]);
    expect(kinds(await changes('entity=key'))).toEqual(['key insert']);
    expect(kinds(await changes('action=delete'))).toEqual(['campaign delete']);
    expect(kinds(await changes(`actor=${admin.id}`))).toHaveLength(3);
    expect(await changes(`actor=${stranger.id}`)).toEqual([]);
    expect(kinds(await changes('actor=system:test'))).toHaveLength(4);
    const [row] = await app.sql<{ role: string }>('SELECT session_user AS role');
    expect(kinds(await changes(`actor=database:${row?.role}`))).toEqual(['store update']);
    expect(kinds(await changes(`storeId=${admin.storeId}`))).toContain('campaign insert');
    expect(await changes(`storeId=${stranger.storeId}`)).toEqual([]);
    expect(kinds(await changes(`requestId=${renaming.headers['x-request-id'] as string}`))).toEqual([
      'campaign update',
    ]);
    expect(await changes('to=2026-01-01')).toEqual([]);
    expect(await changes('from=2026-01-01')).toHaveLength(8);
  });

  it.each([
    ['page=1', 'page'],
    ['actor=somebody', 'actor'],
    ['action=upsert', 'action'],
    ['entityId=pro', 'entityId'],
    ['cursor=abc', 'cursor'],
  ])('refuses %s', async (query, field) => {
    const answer = await send('GET', `/audit/changes?${query}`);
    expect([answer.status, faultsOf(answer).map(([name]) => name)]).toEqual([400, [field]]);
  });

  it('never answers another organization’s, nor to whom the level is missing', async () => {
    expect(kinds(await changes('limit=100', stranger.token))).toHaveLength(4);
    expect(codeOf(await send('GET', `/audit/changes?organizationId=${stranger.organizationId}`))).toBe(
      'PERMISSION_DENIED',
    );
    const writer = await app.createKey({ storeId: admin.storeId });
    expect(codeOf(await send('GET', '/audit/changes', undefined, writer.token))).toBe('PERMISSION_DENIED');
  });
});

describe('GET /audit/changes/:id', () => {
  it('answers one change, and 404 for another organization’s or none', async () => {
    const [change] = await changes(`entityId=${campaign}&action=update`);
    const get = (id: string, token = admin.token) => send('GET', `/audit/changes/${id}`, undefined, token);
    expect(json(await get(change?.id ?? ''))).toEqual(change);
    expect((await get(change?.id ?? '', stranger.token)).status).toBe(404);
    expect((await get(toPublicId('change', newUuid()))).status).toBe(404);
    expect((await get('chg_1')).status).toBe(404);
  });
});
