import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf } from '../members/signing-in.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Answer, call, type Call, json } from '../support/http-client.js';
import { type ServerProcess, startServer } from '../support/processes.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { everyText } from './every-column.js';

const ADMIN = { email: 'admin@gatehouse.example', password: 'Zebra pelican quartz 5' };

describe('a member’s credentials, wherever they go', () => {
  let database: TestDatabase;
  let app: TestApp;
  let server: ServerProcess;
  let key: TestKey;
  const answers: Answer[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    const environment = { GATEHOUSE_ADMIN_EMAIL: ADMIN.email, GATEHOUSE_ADMIN_PASSWORD: ADMIN.password };
    app = await startTestApp({ database, environment });
    server = await startServer(database, { environment: { ...environment, LOG_LEVEL: 'trace' } });
    key = await app.createKey();
  });
  afterAll(async () => {
    await server.kill();
    await app.close();
    await database.drop();
  });

  const post = (path: string, body: object, further: Call = {}) =>
    call(server.url, path, { method: 'POST', body, ...further });

  /** Every place where a secret is sent by mistake: the answers are refusals, and are kept to be looked at. */
  async function misplace(secret: string): Promise<void> {
    const escaped = encodeURIComponent(secret);
    const asHeader: Record<string, string>[] = [
      { Authorization: `Bearer ${escaped}` },
      { Authorization: `Basic ${Buffer.from(`admin:${secret}`).toString('base64')}` },
      { Cookie: `gatehouse_session=${escaped}` },
      { 'X-CSRF-Token': secret },
      { Referer: `https://shop.example/?password=${escaped}` },
      { 'If-Match': `"${secret}"`, 'If-None-Match': `"${secret}"` },
      { Accept: secret, 'Accept-Language': secret, Origin: secret },
      { 'Idempotency-Key': secret },
      { 'X-Forwarded-For': secret },
    ];
    for (const headers of asHeader) answers.push(await call(server.url, '/api/v1/campaigns', { headers }));
    for (const headers of asHeader.slice(3)) {
      answers.push(await call(server.url, '/api/v1/campaigns', { headers, token: key.token }));
      answers.push(
        await post('/api/v1/campaigns', { name: 'a', platform: 'email' }, { headers, token: key.token }),
      );
    }
    for (const name of ['token', 'password', 'currentPassword', 'newPassword', 'totp', 'access_token']) {
      for (const path of ['/api/v1/campaigns', '/api/v1/session', '/nowhere']) {
        answers.push(await call(server.url, `${path}?${name}=${escaped}`, { token: key.token }));
      }
    }
    for (const body of [
      { email: ADMIN.email, password: `${secret}x`, totp: secret },
      { email: 'nobody@gatehouse.example', password: secret },
      { email: ADMIN.email, password: { secret } },
    ]) {
      answers.push(await post('/api/v1/session', body));
    }
    // Told back to whoever wrote it, and to nobody else.
    await post('/api/v1/session', { email: ADMIN.email, [secret]: 1 });
  }

  it('are in no column of any table, in no refusal, and in nothing that the process printed', async () => {
    const signedIn = await post('/api/v1/session', ADMIN);
    expect(signedIn.status).toBe(200);
    const cookie = signedIn.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const { csrfToken } = json<{ csrfToken: string }>(signedIn);
    const browser = { headers: { Cookie: cookie, 'X-CSRF-Token': csrfToken } };
    const begun = await post('/api/v1/me/totp', { currentPassword: ADMIN.password }, browser);
    const { secret } = json<{ secret: string }>(begun);
    const code = await codeOf(app, secret);
    const confirmed = await post('/api/v1/me/totp/confirm', { code }, browser);
    expect(confirmed.status).toBe(200);
    const [recovery = ''] = json<{ recoveryCodes: string[] }>(confirmed).recoveryCodes;

    const session = cookie.slice(cookie.indexOf('=') + 1);
    const secrets = { password: ADMIN.password, session, csrfToken, secret, recovery };
    for (const each of Object.values(secrets)) await misplace(each);
    await misplace(code);
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses]).toEqual(expect.arrayContaining([200, 201, 400, 401, 404]));
    expect([...statuses].filter((status) => status >= 500)).toEqual([]);

    const held = await everyText(database);
    held.push(
      ...server
        .output()
        .split('\n')
        .map((text) => ({ place: 'output', text })),
      ...answers.map(({ text, headers }) => ({ place: 'answer', text: text + JSON.stringify(headers) })),
    );
    const leaks = held.flatMap(({ place, text }) =>
      Object.entries(secrets)
        .filter(([, each]) => plain(text).includes(each))
        .map(([what]) => `${what} in ${place}: ${text.slice(0, 200)}`),
    );
    expect(leaks).toEqual([]);
    // Six digits are part of many a figure: a code is looked for alone, where it stands as one.
    const alone = new RegExp(`(?<![0-9a-f.])${code}(?![0-9a-f])`);
    expect(held.filter(({ text }) => alone.test(plain(text)))).toEqual([]);
    expect(held.length).toBeGreaterThan(answers.length);
  });
});

/** Without escapes of a URL or of a form. */
function plain(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
