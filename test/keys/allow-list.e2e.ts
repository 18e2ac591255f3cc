import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Calls } from './key-calls.js';

/** What comes through proxies: tests speak from 127.0.0.1, which is the last of them. */
async function withProxies(TRUST_PROXY: string): Promise<[TestApp, Calls]> {
  const app = await startTestApp({ environment: { TRUST_PROXY } });
  return [app, new Calls(app)];
}

async function verdict(calls: Calls, token: string, forwarded: string): Promise<string> {
  const answer = await calls
    .call<unknown>({ token }, 'get', '/campaigns?limit=1')
    .set('X-Forwarded-For', forwarded);
  return answer.status === 200 ? 'ok' : answer.body.error.code;
}

describe('an allow-list behind two proxies', () => {
  let app: TestApp;
  let calls: Calls;
  beforeAll(async () => {
    [app, calls] = await withProxies('2');
  });
  afterAll(() => app.close());

  it.each([
    // what the outer proxy saw is the last but one; what the caller wrote himself is before it
    ['203.0.113.9, 10.0.0.1', 'ok'],
    ['198.51.100.1, 203.0.113.9, 10.0.0.1', 'ok'],
    ['203.0.113.9, 198.51.100.1, 10.0.0.1', 'IP_NOT_ALLOWED'],
    ['10.0.0.1, 203.0.113.9', 'IP_NOT_ALLOWED'],
    ['::ffff:203.0.113.9, 10.0.0.1', 'ok'],
    ['::FFFF:203.0.113.9, 10.0.0.1', 'ok'],
    ['::ffff:198.51.100.1, 10.0.0.1', 'IP_NOT_ALLOWED'],
    ['nonsense, 10.0.0.1', 'IP_NOT_ALLOWED'],
  ])('goes by the address that the proxies vouch for: %s', async (forwarded, expected) => {
    const key = await app.createKey({ ipAllowlist: ['203.0.113.9'] });
    expect(await verdict(calls, key.token, forwarded)).toBe(expected);
  });

  it.each([
    ['0.0.0.0/0', '203.0.113.9', 'ok'],
    ['0.0.0.0/0', '2001:db8::1', 'IP_NOT_ALLOWED'],
    ['::/0', '2001:db8::1', 'ok'],
    ['203.0.113.9/32', '203.0.113.9', 'ok'],
    ['203.0.113.9/32', '203.0.113.8', 'IP_NOT_ALLOWED'],
    ['203.0.113.9/31', '203.0.113.8', 'ok'],
    ['2001:db8::1/128', '2001:db8:0::1', 'ok'],
    ['2001:db8::1/128', '2001:db8::2', 'IP_NOT_ALLOWED'],
    ['2001:db8::1/127', '2001:db8::', 'ok'],
    ['::ffff:203.0.113.0/120', '203.0.113.9', 'ok'],
    ['::ffff:203.0.113.0/120', '203.0.114.9', 'IP_NOT_ALLOWED'],
    ['203.0.113.0/24', '::ffff:cb00:7109', 'ok'],
  ])('of %s meets %s: %s', async (network, address, expected) => {
    const admin = await calls.admin();
    const answer = await calls.call(admin, 'post', `/stores/${admin.storeId}/keys`).send({
      name: 'Bound',
      roleId: 'read-only',
      ipAllowlist: [network],
    });
    expect(await verdict(calls, answer.body.token ?? '', `${address}, 10.0.0.1`)).toBe(expected);
  });

  it('lets nobody in where it is empty', async () => {
    const key = await app.createKey({ ipAllowlist: [] });
    expect(await calls.use(key.token)).toBe('IP_NOT_ALLOWED');
  });
});

describe('an allow-list behind proxies of known networks', () => {
  it('believes those alone', async () => {
    const [app, calls] = await withProxies('127.0.0.1, 10.0.0.0/8');
    try {
      const key = await app.createKey({ ipAllowlist: ['203.0.113.9'] });
      const answers = [];
      for (const forwarded of [
        '203.0.113.9',
        '203.0.113.9, 10.1.2.3',
        '203.0.113.9, 10.1.2.3, 10.9.9.9',
        '203.0.113.9, 198.51.100.1',
        '203.0.113.9, 198.51.100.1, 10.1.2.3',
      ]) {
        answers.push(await verdict(calls, key.token, forwarded));
      }
      expect(answers).toEqual(['ok', 'ok', 'ok', 'IP_NOT_ALLOWED', 'IP_NOT_ALLOWED']);
    } finally {
      await app.close();
    }
  });
});

describe('an allow-list without a proxy', () => {
  it('goes by the connection, whatever the caller says', async () => {
    const app = await startTestApp();
    try {
      const calls = new Calls(app);
      const key = await app.createKey({ ipAllowlist: ['203.0.113.9'] });
      const own = await app.createKey({ ipAllowlist: ['127.0.0.1/32'] });
      expect(await verdict(calls, key.token, '203.0.113.9')).toBe('IP_NOT_ALLOWED');
      expect(await verdict(calls, own.token, '203.0.113.9')).toBe('ok');
    } finally {
      await app.close();
    }
  });
});
