import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MINIMAL } from '../content/campaign-calls.js';
import { organizationUuid } from '../guarantees/house.js';
import { type Answer, call, type Call, codeOf } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

const FIELDS = [
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'ratelimit-policy',
  'ratelimit',
] as const;

describe('the figures of a quota', () => {
  let app: TestApp;
  let key: TestKey;

  beforeAll(async () => {
    app = await startTestApp();
    key = await app.createKey({ plan: 'hourly-scale' });
  });
  afterAll(async () => {
    await app.close();
  });

  const send = (path: string, options: Call = {}) =>
    call(app.url, `/api/v1${path}`, { token: key.token, ...options });
  const figures = ({ headers }: Answer) => FIELDS.filter((field) => headers[field] === undefined);

  it('are on every answer to a key, whatever it is', async () => {
    const created = await send('/campaigns', { method: 'POST', body: MINIMAL });
    const { id } = JSON.parse(created.text) as { id: string };
    const etag = created.headers.etag ?? '';
    const other = await app.createKey();
    const elsewhere = await app.createKey({ ipAllowlist: ['192.0.2.0/24'] });
    const answers: [number, string | null, Answer][] = [
      [201, null, created],
      [200, null, await send('/campaigns')],
      [200, null, await send('/campaigns', { method: 'HEAD' })],
      [200, null, await send('/me')],
      [304, null, await send(`/campaigns/${id}`, { headers: { 'If-None-Match': etag } })],
      [400, 'INVALID_INPUT', await send('/campaigns?limit=0')],
      [400, 'MALFORMED_JSON', await send('/campaigns', { method: 'POST', body: '{"name":' })],
      [403, 'PERMISSION_DENIED', await send('/roles')],
      [403, 'IP_NOT_ALLOWED', await send('/campaigns', { token: elsewhere.token })],
      [404, 'NOT_FOUND', await send('/nowhere')],
      [404, 'NOT_FOUND', await send(`/stores/${other.storeId}/campaigns`)],
      [404, 'NOT_FOUND', await send('/campaigns/cmp_01k0b3w2f7e1rt5m8v9xq4zj6d')],
      [
        412,
        'PRECONDITION_FAILED',
        await send(`/campaigns/${id}`, { method: 'DELETE', headers: { 'If-Match': '"x"' } }),
      ],
      [413, 'PAYLOAD_TOO_LARGE', await send('/campaigns', { method: 'POST', body: 'x'.repeat(2_000_000) })],
      [204, null, await send(`/campaigns/${id}`, { method: 'DELETE' })],
    ];
    for (const [status, code, answer] of answers) {
      // a HEAD has no body to tell its code
      expect([answer.status, code === null ? null : codeOf(answer)]).toEqual([status, code]);
      expect([status, code, figures(answer)]).toEqual([status, code, []]);
    }
  });

  it('are those of the organization for its members', async () => {
    const { cookie } = await app.signIn();
    const answer = await call(app.url, '/api/v1/organization', { headers: { Cookie: cookie } });
    expect([answer.status, figures(answer)]).toEqual([200, []]);
  });

  it('say how long the identical request has to wait, where it has to', async () => {
    const pro = await app.createKey({ plan: 'pro' });
    const ask = (path: string, options: Call = {}) =>
      call(app.url, `/api/v1${path}`, { token: pro.token, ...options });
    const interval = async (answer: Promise<Answer>) => (await answer).headers['x-poll-interval'];
    expect(await interval(ask('/campaigns'))).toBe('60');
    expect(await interval(ask('/campaigns?page=2', { method: 'HEAD' }))).toBe('60');
    expect(await interval(ask('/campaigns', { method: 'POST', body: MINIMAL }))).toBeUndefined();
    expect(await interval(ask('/me'))).toBeUndefined();
    expect(await interval(send('/campaigns'))).toBeUndefined();
  });

  it('are absent where no window binds', async () => {
    const free = await app.createKey();
    await app.sql('UPDATE organizations SET hour_limit = 2147483647 WHERE id = $1', [
      organizationUuid(free.organizationId),
    ]);
    const answer = await call(app.url, '/api/v1/campaigns', { token: free.token });
    expect([answer.status, figures(answer)]).toEqual([200, [...FIELDS]]);
  });
});
