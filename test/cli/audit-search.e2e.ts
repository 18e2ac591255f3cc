import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { documentOf, failureOf, gatehouseHere } from './gatehouse.js';

interface Found {
  readonly data: { readonly requestId: string; readonly entity: string; readonly id: string }[];
  readonly pagination: { readonly totalCount: number | null; readonly nextCursor: string | null };
}

let app: TestApp;
let admin: TestKey;
let asked: string;

beforeAll(async () => {
  app = await startTestApp();
  admin = await app.createKey({ role: 'admin' });
  const made = await call(app.url, '/api/v1/campaigns', {
    method: 'POST',
    token: admin.token,
    body: { name: 'Spring sale', platform: 'email' },
  });
  asked = String(made.headers['x-request-id']);
  await call(app.url, '/api/v1/nothing', { token: admin.token });
});
afterAll(() => app.close());

const run = (...args: string[]) => gatehouseHere(app.database, ['audit', ...args]);
const runJson = <T = Found>(...args: string[]) => documentOf<T>(run(...args, '--json'));
const fails = (...args: string[]) => failureOf(run(...args, '--json'));
const ours = () => ['--organization', admin.organizationId];

describe('gatehouse audit', () => {
  it('searches the request log, and shows a request', async () => {
    const { data, pagination } = await runJson('search', ...ours(), '--method', 'POST', '--count');
    expect([data.map(({ requestId }) => requestId), pagination.totalCount]).toEqual([[asked], 1]);
    const first = await runJson('search', ...ours(), '--limit', '1', '--oldest-first');
    expect(first.data[0]?.requestId).toBe(asked);
    const { stdout } = await run('search', ...ours(), '--limit', '1');
    expect(stdout).toMatch(/ 404 +GET \/api\/v1\/nothing .*NOT_FOUND\nThe next page: --cursor \S+\n$/);
    expect(await runJson('show', asked)).toMatchObject({
      requestId: asked,
      changes: [{ entity: 'campaign' }],
    });
    expect((await run('show', asked)).stdout).toMatch(/operation +createCampaign[^]*insert +campaign cmp_/);
  });

  it('counts over time', async () => {
    const { stdout } = await run('histogram', ...ours());
    expect(stdout).toMatch(/FROM +REQUESTS +2XX[^]* 2 +1 +0 +1 +0\n/);
  });

  it('searches the change log, and shows a change', async () => {
    const { data } = await runJson('changes', ...ours(), '--request', asked);
    expect(data.map(({ entity }) => entity)).toEqual(['campaign']);
    const { stdout } = await run('change', data[0]?.id ?? '');
    expect(stdout).toMatch(/insert +campaign cmp_[^]*name +- → "Spring sale"/);
    expect((await run('changes', ...ours())).stdout).toMatch(/AT +CHANGE +BY[^]*That is all/);
  });

  it('lists what a key did and what was done to it', async () => {
    const { stdout } = await run('timeline', admin.id, ...ours(), '--oldest-first');
    expect(stdout).toMatch(/insert +key key_[^]* 201 +POST [^]* 404 +GET /);
  });

  it('follows the log', async () => {
    const tail = run('tail', ...ours(), '--limit', '2', '--status', '404', '--json');
    let ended = false;
    void tail.then(() => (ended = true));
    while (!ended) await call(app.url, '/api/v1/nothing', { token: admin.token });
    const { code, stdout } = await tail;
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { path?: string; told?: number });
    expect([code, lines.map(({ path, told }) => path ?? told)]).toEqual([
      0,
      ['/api/v1/nothing', '/api/v1/nothing', 2],
    ]);
  });

  it('lists and deletes saved searches', async () => {
    const saved = await call(app.url, '/api/v1/audit/views', {
      method: 'POST',
      token: admin.token,
      body: { name: 'Refused', filters: { status: '4xx' } },
    });
    const { id } = JSON.parse(saved.text) as { id: string };
    expect((await runJson('views', 'list', ...ours())).data.map((view) => view.id)).toEqual([id]);
    expect((await run('views', 'list', ...ours())).stdout).toMatch(/Refused +key_\w+ +status=4xx/);
    expect((await run('views', 'delete', id)).code).toBe(0);
    expect((await fails('views', 'delete', id)).code).toBe('NOT_FOUND');
  });

  it('says what it misses', async () => {
    expect((await fails('search')).code).toBe('ORGANIZATION_REQUIRED');
    expect((await fails('search', ...ours(), '--status', '9')).code).toBe('INVALID_INPUT');
    expect((await fails('show', 'req_x')).code).toBe('NOT_FOUND');
    expect((await fails('change', 'chg_x')).code).toBe('NOT_FOUND');
    expect((await fails('timeline', 'key_x', ...ours())).code).toBe('NOT_FOUND');
    expect((await fails('tail', ...ours(), '--limit', '0')).code).toBe('INVALID_INPUT');
  });
});
