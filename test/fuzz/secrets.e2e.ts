import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { call, type Call } from '../support/http-client.js';
import { type ServerProcess, startServer } from '../support/processes.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { everyText } from './every-column.js';

/** Fewer characters of a secret than this tell nothing of use; previews show eight. */
const TELLING = 16;

describe('a secret, wherever it was put', () => {
  let database: TestDatabase;
  let app: TestApp;
  let server: ServerProcess;
  let canary: TestKey;
  let other: TestKey;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startTestApp({ database });
    server = await startServer(database, { environment: { LOG_LEVEL: 'trace' } });
    canary = await app.createKey({ role: 'admin' });
    other = await app.createKey({ role: 'admin' });
  });
  afterAll(async () => {
    await server.kill();
    await app.close();
    await database.drop();
  });

  /** Every way to send the canary that is not a text of the customer's own. */
  const sendings = (): [string, Call][] => {
    const { token } = canary;
    const percent = [...token].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
    const json = (body: string): Call => ({ method: 'POST', token: other.token, body });
    const whole = { name: 'a', platform: 'email' };
    const headers = (given: Record<string, string>, further: Call = {}): [string, Call] => [
      '/api/v1/campaigns',
      { token: other.token, ...further, headers: given },
    ];
    return [
      ['/api/v1/me', { token }],
      [
        '/api/v1/campaigns',
        {
          method: 'POST',
          token,
          body: whole,
          headers: { 'Idempotency-Key': randomBytes(9).toString('hex') },
        },
      ],
      [`/api/v1/campaigns?access_token=${token}`, { token: other.token }],
      [`/api/v1/campaigns?${token}=1`, { token: other.token }],
      [`/api/v1/campaigns?status=${percent}`, { token: other.token }],
      [`/api/v1/campaigns?cursor=${token}`, { token: other.token }],
      [`/api/v1/campaigns/${token}`, { token: other.token }],
      [`/api/v1/stores/${percent}/keys`, { token: other.token }],
      [`/api/v1/keys/${encodeURIComponent(percent)}`, { token: other.token }],
      [`/${token}`, {}],
      [`/api/v1/%zz${token}`, {}],
      headers({ 'User-Agent': `client ${token}` }),
      headers({ 'User-Agent': 'x'.repeat(2_020) + token }),
      headers({ 'X-Request-Id': token }),
      headers({ 'X-Request-Id': percent }),
      headers({
        'X-Forwarded-For': token,
        Referer: `https://shop.example/?key=${token}`,
        Cookie: `k=${token}`,
      }),
      headers({ 'If-Match': `"${token}"`, 'If-None-Match': token, Accept: token, Origin: token }),
      headers({ 'Idempotency-Key': token }, { method: 'POST', body: whole }),
      headers({ 'Content-Type': `application/json; charset=${token}` }, { method: 'POST', body: whole }),
      headers({ 'Content-Encoding': token }, { method: 'POST', body: whole }),
      headers({ Authorization: `Basic ${token}` }, { token: undefined }),
      headers({ Authorization: `Bearer ${token}x` }, { token: undefined }),
      headers({ Authorization: `Bearer ${token}, Bearer ${token}` }, { token: undefined }),
      ['/api/v1/campaigns', json(`{"${token}":1}`)],
      ['/api/v1/campaigns', json(`{"name":{"${token}":1}}`)],
      ['/api/v1/campaigns', json(`{"name":"a","platform":"${token}"}`)],
      ['/api/v1/campaigns', json(`{"name":"${token}`)],
      ['/api/v1/campaigns', json(`${token}`)],
      [`/api/v1/stores/${other.storeId}/keys`, json(`{"name":"a","roleId":"${token}"}`)],
      [
        `/api/v1/stores/${other.storeId}/keys`,
        json(`{"name":"a","roleId":"admin","permissions":{"${token}":"read"}}`),
      ],
      [
        `/api/v1/stores/${other.storeId}/keys`,
        json(`{"name":"a","roleId":"admin","ipAllowlist":["${token}"]}`),
      ],
      ['/api/v1/session', { method: 'POST', body: { email: 'a@b.example', password: token } }],
      ['/api/v1/session', { method: 'POST', body: { email: `${token}@b.example`, password: 'a' } }],
    ];
  };

  it('is in no table and in nothing that the process printed, if it is a token', async () => {
    const statuses = new Map<number, number>();
    for (const [path, options] of sendings()) {
      const { status } = await call(server.url, path, options);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    // The places were reached: answered, refused for their input, their key and their path.
    expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining([200, 201, 400, 401, 404]));
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);

    const core = canary.token.slice(canary.token.lastIndexOf('_') + 1);
    const windows = Array.from({ length: core.length - TELLING + 1 }, (_, i) => core.slice(i, i + TELLING));
    const tells = (text: string) => windows.some((part) => text.includes(part));
    const leaks: string[] = [];
    for (const line of server.output().split('\n'))
      if (tells(line)) leaks.push(`output: ${line.slice(0, 300)}`);
    const held = await everyText(database);
    for (const { place, text } of held) {
      if (tells(decoded(text))) leaks.push(`${place}: ${text.slice(0, 300)}`);
    }
    expect(leaks).toEqual([]);
    expect(held.length).toBeGreaterThan(sendings().length);
  });

  it('is in no table and in nothing that the process printed, if it is a password', async () => {
    // Of no shape that anything could recognise.
    const password = `Heron ${randomBytes(9).toString('hex').replace(/\d/g, 'q')} Dune`;
    const written = encodeURIComponent(password);
    const basic = Buffer.from(`admin:${password}`).toString('base64');
    const signIn = (body: object): [string, Call] => ['/api/v1/session', { method: 'POST', body }];
    const header = (headers: Record<string, string>): [string, Call] => [
      '/api/v1/campaigns',
      { token: other.token, headers },
    ];
    const tries: [string, Call][] = [
      signIn({ email: 'a@b.example', password }),
      signIn({ email: 'a@b.example', password, totp: password }),
      signIn({ email: 'a@b.example', [password]: password }),
      signIn({ email: password, password }),
      ['/api/v1/me', { token: password.replaceAll(' ', '') }],
      header({ 'User-Agent': password, 'X-Request-Id': password }),
      header({ 'User-Agent': `Mozilla/5.0 (X11; ${password}) shop/1.2 ${written}`, 'X-Request-Id': written }),
      header({ Authorization: `Basic ${basic}` }),
      header({ 'Proxy-Authorization': `Basic ${basic}`, Cookie: `password=${written}` }),
      header({ 'X-CSRF-Token': written, 'X-Api-Key': password, Referer: `https://a.example/?p=${written}` }),
      header({ 'If-Match': `"${written}"`, 'If-None-Match': written, Accept: written, Origin: written }),
      header({ 'X-Forwarded-For': written, 'Accept-Language': written, Range: `bytes=${written}` }),
      [`/api/v1/campaigns?password=${written}`, { token: other.token }],
      [`/api/v1/campaigns?pass=${written}&status=draft`, { token: other.token }],
      [`/api/v1/campaigns?${written}`, { token: other.token }],
      [`/api/v1/nothing?limit=${written}`, { token: other.token }],
      [`/api/v1/me?${written}=${written}`, { token: other.token }],
    ];
    const statuses = new Set<number>();
    for (const [path, options] of tries) statuses.add((await call(server.url, path, options)).status);
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 401, 404]));
    expect([...statuses].filter((status) => status >= 500)).toEqual([]);

    const core = password.split(' ')[1] ?? '';
    const tells = (text: string) => text.includes(core) || text.includes(basic.slice(12, 28));
    expect(server.output().split('\n').filter(tells)).toEqual([]);
    const held = await everyText(database);
    expect(held.filter(({ text }) => tells(decoded(text))).map(({ place }) => place)).toEqual([]);
  });
});

/** Undoes escapes, however often they were made. */
function decoded(text: string): string {
  const once = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return once === text ? text : text + decoded(once);
}
