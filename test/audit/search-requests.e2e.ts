import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { call, codeOf, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { allOf, ensureDay, faultsOf, logRequest, type LoggedRequest, pageOf, uuidOf } from './log-rows.js';

const DAY_MS = 86_400_000;
const NOON = Date.parse('2026-03-10T12:00:00.000Z');

let app: TestApp;
let reader: TestKey;
let other: TestKey;
let stranger: TestKey;
const ids: Record<string, string> = {};

beforeAll(async () => {
  app = await startTestApp();
  reader = await app.createKey({ role: 'compliance' });
  other = await app.createKey({ role: 'read-write', storeId: reader.storeId });
  stranger = await app.createKey({ role: 'compliance' });
  for (const days of [0, 1, 2, 9]) await ensureDay(app, NOON - days * DAY_MS);
  const log = async (name: string, at: number, columns = {}, key = other) => {
    ids[name] = await logRequest(app, key, at, columns);
  };
  await log('plain', NOON);
  await log('posted', NOON + 1, { method: 'POST', status: 201 });
  await log('single', NOON + 2, { route: '/api/v1/campaigns/:id', path: '/api/v1/campaigns/cmp_AbC' });
  await log('missing', NOON + 3, { status: 404, error_code: 'NOT_FOUND' });
  await log('refused', NOON + 4, { status: 429, error_code: 'QUOTA_EXCEEDED' });
  await log('broken', NOON + 5, { status: 500, error_code: 'INTERNAL_ERROR' });
  await log('near', NOON + 6, { ip: '203.0.113.7' });
  await log('nearby', NOON + 7, { ip: '203.0.113.250' });
  await log('six', NOON + 8, { ip: '2001:db8:1::5' });
  await log('gone', NOON + 9, { outcome: 'client_gone', answered: null });
  await log('member', NOON + 10, { key_id: null, member_id: newUuid(), role_id: newUuid() });
  await log('yesterday', NOON - DAY_MS);
  await log('earlier', NOON - 9 * DAY_MS);
  await log('foreign', NOON + 11, {}, stranger);
  await log('nobody', NOON + 12, { organization_id: null, store_id: null, key_id: null });
});
afterAll(() => app.close());

const MARCH = 'from=2026-03-01&to=2026-03-10';
const names = (rows: readonly LoggedRequest[]) =>
  rows.map(({ requestId }) => Object.keys(ids).find((name) => ids[name] === requestId) ?? requestId);
const search = async (query: string, token = reader.token) =>
  names(await allOf(app, token, `/audit/requests?${MARCH}&${query}`));
const ask = (query: string, token = reader.token) =>
  call(app.url, `/api/v1/audit/requests${query}`, { token });

const ALL = [
  'member',
  'gone',
  'six',
  'nearby',
  'near',
  'broken',
  'refused',
  'missing',
  'single',
  'posted',
  'plain',
  'yesterday',
  'earlier',
];
const column = async (name: string, of: string) => {
  const [row] = await app.sql<{ value: string }>(
    `SELECT ${of}::text AS value FROM request_log WHERE request_id = $1`,
    [uuidOf('request', ids[name] ?? '')],
  );
  return row?.value ?? '';
};

describe('GET /audit/requests', () => {
  it('answers the organization’s requests, the newest first, or the oldest', async () => {
    expect(await search('limit=100')).toEqual(ALL);
    expect(await search('limit=100&sortOrder=asc&sortBy=at')).toEqual([...ALL].reverse());
  });

  it('answers all pages of any length without a gap or a double', async () => {
    for (const limit of [1, 2, 5]) {
      expect(await search(`limit=${limit}`)).toEqual(ALL);
      expect(await search(`limit=${limit}&sortOrder=asc`)).toEqual([...ALL].reverse());
    }
  });

  it.each([
    ['method=POST', ['posted']],
    ['route=/api/v1/campaigns/:id', ['single']],
    ['status=404', ['missing']],
    ['status=4xx', ['refused', 'missing']],
    ['status=5xx&errorCode=INTERNAL_ERROR', ['broken']],
    ['errorCode=QUOTA_EXCEEDED', ['refused']],
    ['ip=203.0.113.7', ['near']],
    ['ip=203.0.113.0/24', ['nearby', 'near']],
    ['ip=203.0.113.0/29', ['near']],
    ['ip=::ffff:203.0.113.7', ['near']],
    ['ip=2001:db8::/32', ['six']],
    ['ip=2001:DB8:1::5', ['six']],
    ['q=CMP_abc', ['single']],
    ['q=%25', []],
    ['outcome=client_gone', ['gone']],
    ['from=2026-03-10&to=2026-03-10&method=POST', ['posted']],
    ['to=2026-03-09', ['yesterday', 'earlier']],
    ['from=2026-03-10T12:00:00.009Z', ['member', 'gone']],
    ['to=2026-03-10T12:00:00.001Z&from=2026-03-10', ['posted', 'plain']],
    ['from=2026-03-10&to=2026-03-09', []],
  ])('filters by %s', async (query, expected) => {
    const found = await allOf(app, reader.token, `/audit/requests?${withSpan(query)}`);
    expect(names(found)).toEqual(expected);
  });

  const withSpan = (query: string) =>
    [query.includes('from=') ? '' : 'from=2026-03-01', query.includes('to=') ? '' : 'to=2026-03-10', query]
      .filter(Boolean)
      .join('&');

  it('filters by key, store, member, role and request', async () => {
    expect(await search(`keyId=${other.id}`)).toEqual(ALL.filter((name) => name !== 'member'));
    expect(await search(`keyId=${reader.id}`)).toEqual([]);
    expect(await search(`storeId=${other.storeId}`)).toEqual(ALL);
    expect(await search(`storeId=${stranger.storeId}`)).toEqual([]);
    const member = toPublicId('member', await column('member', 'member_id'));
    const role = toPublicId('role', await column('member', 'role_id'));
    expect(await search(`memberId=${member}&roleId=${role}`)).toEqual(['member']);
    expect(await search(`requestId=${ids['missing']}`)).toEqual(['missing']);
    expect(await search(`requestId=${ids['foreign']}`)).toEqual([]);
  });

  it('counts where it is asked to, and only then', async () => {
    const path = `/audit/requests?${MARCH}&limit=1`;
    expect((await pageOf(app, reader.token, path)).pagination.totalCount).toBeNull();
    expect((await pageOf(app, reader.token, `${path}&count=true`)).pagination).toMatchObject({
      page: null,
      totalCount: ALL.length,
      hasMore: true,
    });
  });

  it('answers a row as it was written', async () => {
    const { data } = await pageOf(app, reader.token, `/audit/requests?requestId=${ids['refused']}`);
    expect(data).toEqual([
      expect.objectContaining({
        requestId: ids['refused'],
        at: '2026-03-10T12:00:00.004Z',
        durationMicros: 1_000,
        keyId: other.id,
        keyName: 'Test key',
        memberId: null,
        storeId: other.storeId,
        organizationId: other.organizationId,
        method: 'GET',
        route: '/api/v1/campaigns',
        path: '/api/v1/campaigns',
        status: 429,
        errorCode: 'QUOTA_EXCEEDED',
        ip: '192.0.2.1',
        responseBytes: 100,
        quotaCharged: 1,
      }),
    ]);
  });

  it('has a row of its own for each reading', async () => {
    const answer = await ask(`?keyId=${reader.id}&limit=1`);
    const { data } = await pageOf(app, reader.token, `/audit/requests?keyId=${reader.id}&limit=1`);
    expect(data[0]).toMatchObject({
      requestId: answer.headers['x-request-id'],
      operation: 'searchRequests',
      resource: 'compliance.audit-logs',
      query: `keyId=${reader.id}&limit=1`,
    });
  });

  it.each([
    ['?page=2', 'page', /not a known parameter/],
    ['?sortBy=durationMicros', 'sortBy', /one of at/],
    ['?status=40', 'status', /404, or a class/],
    ['?status=6xx', 'status', /404, or a class/],
    ['?ip=10.0.0.0/33', 'ip', /an address or a network/],
    ['?ip=10.0.0', 'ip', /an address or a network/],
    ['?keyId=key_x', 'keyId', /id of a key/],
    ['?from=yesterday', 'from', /RFC 3339/],
    ['?cursor=abc', 'cursor', /does not belong/],
    ['?organizationId=acme', 'organizationId', /or none/],
  ])('refuses %s', async (query, field, reason) => {
    const answer = await ask(query);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'INVALID_INPUT']);
    expect(faultsOf(answer)).toEqual([[field, expect.stringMatching(reason)]]);
  });

  it('takes a cursor for its own filters, order and organization alone', async () => {
    const { pagination } = await pageOf(app, reader.token, `/audit/requests?${MARCH}&limit=1`);
    const cursor = `cursor=${pagination.nextCursor}`;
    expect((await ask(`?${MARCH}&limit=3&${cursor}`)).status).toBe(200);
    expect((await ask(`?${MARCH}&${cursor}&method=GET`)).status).toBe(400);
    expect((await ask(`?${MARCH}&${cursor}&sortOrder=asc`)).status).toBe(400);
    expect((await ask(`?${MARCH}&${cursor}`, stranger.token)).status).toBe(400);
  });
});

describe('whose requests are answered', () => {
  it('never another organization’s, whatever is asked for', async () => {
    expect(await search('', stranger.token)).toEqual(['foreign']);
    expect(codeOf(await ask(`?organizationId=${other.organizationId}`, stranger.token))).toBe(
      'PERMISSION_DENIED',
    );
    expect(codeOf(await ask('?organizationId=none'))).toBe('PERMISSION_DENIED');
    expect((await ask(`?organizationId=${reader.organizationId}`)).status).toBe(200);
    expect((await ask(`/${ids['foreign']}`)).status).toBe(404);
    expect((await ask(`/${ids['nobody']}`)).status).toBe(404);
  });

  it('an operator’s choice: any organization, or none', async () => {
    const { cookie } = await app.signIn();
    const asOperator = async (path: string) =>
      json<{ data: LoggedRequest[] }>(
        await call(app.url, `/api/v1/audit/requests${path}`, { headers: { Cookie: cookie } }),
      );
    const found = async (whose: string) =>
      names((await asOperator(`?${MARCH}&organizationId=${whose}`)).data);
    expect(await found(stranger.organizationId)).toEqual(['foreign']);
    expect(await found('none')).toEqual(['nobody']);
    expect((await asOperator(`?${MARCH}`)).data).toEqual([]);
    expect(await asOperator(`/${ids['nobody']}`)).toMatchObject({ requestId: ids['nobody'] });
  });

  it('nobody’s without the level, nor a test key’s', async () => {
    expect(codeOf(await ask('', other.token))).toBe('PERMISSION_DENIED');
    const test = await app.createKey({ role: 'admin', storeId: reader.storeId, sandbox: false });
    expect((await ask('?limit=1', test.token)).status).toBe(200);
    const sandbox = await app.createKey({ role: 'admin', sandbox: true });
    expect(codeOf(await ask('', sandbox.token))).toBe('PERMISSION_DENIED');
  });
});

describe('GET /audit/requests/:id', () => {
  it('answers the request with what it changed', async () => {
    const admin = await app.createKey({ role: 'admin' });
    const made = await call(app.url, `/api/v1/campaigns`, {
      method: 'POST',
      token: admin.token,
      body: { name: 'Spring sale', platform: 'email' },
    });
    const id = made.headers['x-request-id'];
    const answer = json<Record<string, unknown>>(await ask(`/${String(id)}`, admin.token));
    expect(answer).toMatchObject({
      requestId: id,
      operation: 'createCampaign',
      place: { position: expect.any(Number) as unknown },
      closedBy: [],
      hasMoreChanges: false,
      changes: [
        {
          id: expect.stringMatching(/^chg_/) as unknown,
          action: 'insert',
          entity: 'campaign',
          actor: { type: 'key', id: admin.id },
          entityId: json<{ id: string }>(made).id,
          requestId: id,
          before: null,
          after: { name: 'Spring sale', id: json<{ id: string }>(made).id, store_id: admin.storeId },
        },
      ],
    });
  });

  it('has the rows that close it, which are no requests of their own', async () => {
    const at = NOON - 2 * DAY_MS;
    const id = await logRequest(app, stranger, at, { outcome: 'streaming', response_bytes: null });
    const uuid = uuidOf('request', id);
    await logRequest(app, stranger, at, {
      request_id: uuid,
      completes: uuid,
      outcome: 'completed',
      response_bytes: 4_711,
    });
    const span = 'from=2026-03-08&to=2026-03-08';
    const listed = await allOf(app, stranger.token, `/audit/requests?${span}`);
    expect(listed).toEqual([expect.objectContaining({ requestId: id, outcome: 'streaming' })]);
    const closing = await allOf(app, stranger.token, `/audit/requests?${span}&outcome=completed`);
    expect(closing).toEqual([expect.objectContaining({ requestId: id, responseBytes: 4_711 })]);
    expect(json(await ask(`/${id}`, stranger.token))).toMatchObject({
      outcome: 'streaming',
      closedBy: [{ outcome: 'completed', responseBytes: 4_711 }],
    });
  });

  it('is 404 for what is absent or no id', async () => {
    expect((await ask(`/${toPublicId('request', newUuid())}`)).status).toBe(404);
    expect((await ask('/req_x')).status).toBe(404);
  });
});
