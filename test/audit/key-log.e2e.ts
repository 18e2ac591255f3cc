import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { call } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { allOf, ensureDay, logRequest, type LoggedRequest, pageOf, uuidOf } from './log-rows.js';

interface Entry {
  readonly at: string;
  readonly kind: 'request' | 'change';
  readonly request: LoggedRequest | null;
  readonly change: { readonly id: string; readonly entity: string; readonly action: string } | null;
}

let app: TestApp;
let admin: TestKey;
let gone: TestKey;

const send = (method: string, path: string, token = admin.token) =>
  call(app.url, `/api/v1${path}`, { method, token });

beforeAll(async () => {
  app = await startTestApp();
  admin = await app.createKey({ role: 'admin' });
  gone = await app.createKey({ storeId: admin.storeId });
  await send('GET', '/campaigns', gone.token);
  await send('GET', '/roles', gone.token);
  await send('POST', `/keys/${gone.id}/rotate`);
  await send('GET', '/campaigns', gone.token);
  await send('DELETE', `/keys/${gone.id}`);
});
afterAll(() => app.close());

const told = ({ request, change }: Entry) =>
  change ? `${change.entity} ${change.action}` : `${request?.path} ${request?.status}`;

describe('GET /keys/:id/requests', () => {
  it('answers the requests of a deleted key, by its id', async () => {
    const found = await allOf(app, admin.token, `/keys/${gone.id}/requests?limit=1`);
    expect(found.map(({ path, status }) => `${path} ${status}`)).toEqual([
      '/api/v1/campaigns 401',
      '/api/v1/roles 403',
      '/api/v1/campaigns 200',
    ]);
    expect(await allOf(app, admin.token, `/keys/${gone.id}/requests?status=403`)).toHaveLength(1);
  });

  it('is empty for a key that asked for nothing, and 404 for one that is not known or another’s', async () => {
    const quiet = await app.createKey({ storeId: admin.storeId });
    expect((await pageOf(app, admin.token, `/keys/${quiet.id}/requests`)).data).toEqual([]);
    const stranger = await app.createKey({ role: 'admin' });
    for (const path of ['requests', 'timeline']) {
      expect((await send('GET', `/keys/${toPublicId('key', newUuid())}/${path}`)).status).toBe(404);
      expect((await send('GET', `/keys/${gone.id}/${path}`, stranger.token)).status).toBe(404);
      expect((await send('GET', `/keys/${gone.id}/${path}`, quiet.token)).status).toBe(403);
    }
  });
});

describe('GET /keys/:id/timeline', () => {
  it('joins what a key did and what was done to it, in the order of time', async () => {
    const all = await allOf<Entry>(app, admin.token, `/keys/${gone.id}/timeline?sortOrder=asc&limit=100`);
    expect(all.map(told)).toEqual([
      'key insert',
      'key_secret insert',
      '/api/v1/campaigns 200',
      '/api/v1/roles 403',
      ...all.slice(4, 6).map(told),
      '/api/v1/campaigns 401',
      'key delete',
      'key_secret delete',
      'key_secret delete',
    ]);
    expect(all.slice(4, 6).map(told).sort()).toEqual(['key_secret insert', 'key_secret update']);
    expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort());
    for (const limit of [1, 2, 3]) {
      const path = `/keys/${gone.id}/timeline?limit=${limit}`;
      expect(await allOf(app, admin.token, `${path}&sortOrder=asc`)).toEqual(all);
      expect(await allOf(app, admin.token, path)).toEqual([...all].reverse());
    }
  });

  it('keeps the two apart, and each in its order, within one millisecond', async () => {
    const key = await app.createKey({ storeId: admin.storeId });
    const at = Date.parse('2026-02-01T00:00:00.500Z');
    await ensureDay(app, at);
    for (let i = 0; i < 4; i++) await logRequest(app, key, at + (i % 2));
    for (let i = 0; i < 4; i++) {
      await app.sql(
        `INSERT INTO change_log (at, actor_type, actor_id, action, entity, entity_id, organization_id)
         VALUES ($1, 'system', 'test', 'update', 'key', $2, $3)`,
        [new Date(at + (i % 2)), uuidOf('key', key.id), uuidOf('organization', key.organizationId)],
      );
    }
    const path = `/keys/${key.id}/timeline?from=2026-02-01&to=2026-02-01`;
    const all = await allOf<Entry>(app, admin.token, `${path}&sortOrder=asc&limit=100`);
    const kinds = ['change', 'change', 'request', 'request'];
    expect(all.map(({ kind }) => kind)).toEqual([...kinds, ...kinds]);
    for (const limit of [1, 3]) {
      expect(await allOf(app, admin.token, `${path}&limit=${limit}&sortOrder=asc`)).toEqual(all);
      expect(await allOf(app, admin.token, `${path}&limit=${limit}`)).toEqual([...all].reverse());
    }
  });
});
