import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newToken } from '../../src/keys/index.js';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Answer, call, codeOf, type ErrorAnswer, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const IDENTIFIER = 'a key of the scanner';
const URL_OF_LEAK = 'https://github.com/octocat/hello-world/blob/main/config.js';

const directory = mkdtempSync(join(tmpdir(), 'gatehouse-leaks-'));
let database: TestDatabase;
/** Two that revoke, one that reports alone. */
let app: TestApp;
let other: TestApp;
let reporting: TestApp;

beforeAll(async () => {
  const file = join(directory, 'keys.json');
  const key = publicKey.export({ type: 'spki', format: 'pem' });
  writeFileSync(
    file,
    JSON.stringify({ public_keys: [{ key_identifier: IDENTIFIER, key, is_current: true }] }),
  );
  database = await createTestDatabase();
  const start = (environment: Record<string, string>) =>
    startTestApp({ database, environment: { GATEHOUSE_LEAK_KEYS: file, TRUST_PROXY: '1', ...environment } });
  app = await start({});
  other = await start({});
  reporting = await start({ GATEHOUSE_LEAK_ACTION: 'report' });
});
afterAll(async () => {
  for (const one of [app, other, reporting]) await one.close();
  await database.drop();
  rmSync(directory, { recursive: true });
});

const signatureOf = (body: string) => sign('sha256', Buffer.from(body), privateKey).toString('base64');

/** Sends bytes with the scanner's signature, or with other headers. */
const send = (at: TestApp, body: string, headers: Record<string, string> = {}): Promise<Answer> =>
  call(at.url, '/api/v1/leaks', {
    method: 'POST',
    body,
    headers: {
      'Github-Public-Key-Identifier': IDENTIFIER,
      'Github-Public-Key-Signature': signatureOf(body),
      ...headers,
    },
  });
const report = (at: TestApp, ...found: object[]) => send(at, JSON.stringify(found));
const exposed = ({ token }: Pick<TestKey, 'token'>, url: string | null = URL_OF_LEAK) => ({
  token,
  type: 'gate_token',
  url,
  source: 'content',
});
const labelsOf = (answer: Answer) => json<{ label: string }[]>(answer).map(({ label }) => label);
const use = async (at: TestApp, { token }: Pick<TestKey, 'token'>) =>
  codeOf(await call(at.url, '/api/v1/me', { token })) ?? 'ok';
const events = ({ id }: Pick<TestKey, 'id'>) =>
  app.sql<{ data: Record<string, unknown>; store_id: string; organization_id: string; request_id: string }>(
    `SELECT data, store_id, organization_id, request_id FROM events
     WHERE type = 'key.exposed' AND subject_id = $1 ORDER BY id`,
    [id],
  );
const reports = ({ id }: Pick<TestKey, 'id'>) =>
  app.sql<{ action: string; url: string | null }>(
    'SELECT action, url FROM leak_reports WHERE key_id = $1 ORDER BY created_at, id',
    [fromPublicId('key', id)],
  );

describe('a signed report of an exposed token', () => {
  it('revokes its key at once and everywhere, and says so in every place', async () => {
    const key = await app.createKey({ role: 'admin' });
    expect([await use(app, key), await use(other, key)]).toEqual(['ok', 'ok']);
    const answer = await report(app, exposed(key));
    expect([answer.status, json(answer)]).toEqual([
      200,
      [
        {
          token_hash: createHash('sha256').update(key.token).digest('hex'),
          token_type: 'gate_token',
          label: 'true_positive',
        },
      ],
    ]);
    expect([await use(other, key), await use(app, key)]).toEqual(['KEY_REVOKED', 'KEY_REVOKED']);

    const requestId = fromPublicId('request', answer.headers['x-request-id']);
    expect(await events(key)).toEqual([
      {
        store_id: fromPublicId('store', key.storeId),
        organization_id: fromPublicId('organization', key.organizationId),
        request_id: requestId,
        data: { keyId: key.id, name: 'Test key', url: URL_OF_LEAK, source: 'content', action: 'revoked' },
      },
    ]);
    const changes = await app.sql(
      `SELECT DISTINCT entity || ' ' || action AS what, actor_type || '/' || actor_id AS actor, reason
       FROM change_log WHERE request_id = $1 ORDER BY what`,
      [requestId],
    );
    expect(changes).toEqual([
      { what: 'key update', actor: 'system/leaks', reason: 'compromised' },
      { what: 'leak_report insert', actor: 'system/leaks', reason: 'compromised' },
    ]);
    const admin = await app.createKey({ role: 'admin', storeId: key.storeId });
    const view = await call(app.url, `/api/v1/keys/${key.id}`, { token: admin.token });
    expect(json(view)).toMatchObject({ status: 'revoked', revokedReason: 'compromised' });
  });

  it('tells tokens of keys from all others, in their order', async () => {
    const [one, two] = [await app.createKey(), await app.createKey({ sandbox: true })];
    const found = [
      { token: newToken('gate', 'live') },
      one,
      { token: 'no token at all' },
      two,
      { token: `${one.token.slice(0, -1)}!` },
    ];
    const answer = await report(app, ...found.map((item) => exposed(item)));
    expect(labelsOf(answer)).toEqual([
      'false_positive',
      'true_positive',
      'false_positive',
      'true_positive',
      'false_positive',
    ]);
    expect([await use(app, one), await use(app, two)]).toEqual(['KEY_REVOKED', 'KEY_REVOKED']);
    expect(labelsOf(await report(app))).toEqual([]);
  });

  it('is told once for each place', async () => {
    const key = await app.createKey();
    for (const url of [URL_OF_LEAK, URL_OF_LEAK, null, '', `${URL_OF_LEAK}#L2`, URL_OF_LEAK]) {
      expect(labelsOf(await report(app, exposed(key, url)))).toEqual(['true_positive']);
    }
    expect((await events(key)).map(({ data }) => [data['url'], data['action']])).toEqual([
      [URL_OF_LEAK, 'revoked'],
      [null, 'ended'],
      [`${URL_OF_LEAK}#L2`, 'ended'],
    ]);
    expect(await reports(key)).toHaveLength(3);
  });

  it('is told once also where many tell it at the same moment', async () => {
    const key = await app.createKey();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => report(i % 2 ? app : other, exposed(key))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await events(key)).toHaveLength(1);
  });

  it('revokes nothing where it is only to be reported, until it is to be revoked', async () => {
    const key = await app.createKey();
    expect(labelsOf(await report(reporting, exposed(key)))).toEqual(['true_positive']);
    expect(await use(app, key)).toBe('ok');
    expect(await reports(key)).toEqual([{ action: 'reported', url: URL_OF_LEAK }]);
    expect((await events(key)).map(({ data }) => data['action'])).toEqual(['reported']);

    await report(app, exposed(key));
    expect(await use(app, key)).toBe('KEY_REVOKED');
    expect(await reports(key)).toEqual([{ action: 'revoked', url: URL_OF_LEAK }]);
    expect(await events(key)).toHaveLength(1);
  });

  it('is true and needs nothing where the key, or this token of it, has ended', async () => {
    const admin = await app.createKey({ role: 'admin' });
    const expired = await app.createKey({ expiresAt: new Date(Date.now() - 1_000) });
    const rotated = await app.createKey({ storeId: admin.storeId });
    const answer = await call(app.url, `/api/v1/keys/${rotated.id}/rotate`, {
      method: 'POST',
      token: admin.token,
      body: {},
    });
    const { token } = json<{ token: string }>(answer);
    expect(labelsOf(await report(app, exposed(expired), exposed(rotated)))).toEqual([
      'true_positive',
      'true_positive',
    ]);
    for (const key of [expired, rotated]) expect(await reports(key)).toMatchObject([{ action: 'ended' }]);
    expect(await use(app, { token })).toBe('ok');
  });

  it('stops a key by an old token in its grace, and a key of a suspended organization', async () => {
    const admin = await app.createKey({ role: 'admin' });
    const rotated = await app.createKey({ storeId: admin.storeId });
    const answer = await call(app.url, `/api/v1/keys/${rotated.id}/rotate`, {
      method: 'POST',
      token: admin.token,
      body: { graceSeconds: 3_600 },
    });
    const suspended = await app.createKey();
    await app.sql(`UPDATE organizations SET status = 'suspended' WHERE id = $1`, [
      fromPublicId('organization', suspended.organizationId),
    ]);
    await report(app, exposed(rotated), exposed(suspended));
    expect(await use(app, json<{ token: string }>(answer))).toBe('KEY_REVOKED');
    expect(await reports(suspended)).toMatchObject([{ action: 'revoked' }]);
  });

  it('is dealt with for all others where one fails, and can be repeated', async () => {
    const keys = [await app.createKey(), await app.createKey(), await app.createKey()];
    const failing = fromPublicId('key', keys[1]?.id ?? '');
    await app.sql(
      `ALTER TABLE leak_reports ADD CONSTRAINT not_this_one CHECK (key_id <> '${failing}') NOT VALID`,
    );
    const body = JSON.stringify(keys.map((key) => exposed(key)));
    expect((await send(app, body)).status).toBe(500);
    await app.sql('ALTER TABLE leak_reports DROP CONSTRAINT not_this_one');
    const uses = () => Promise.all(keys.map((key) => use(app, key)));
    expect(await uses()).toEqual(['KEY_REVOKED', 'ok', 'KEY_REVOKED']);
    expect(labelsOf(await send(app, body))).toEqual(Array(3).fill('true_positive'));
    expect(await uses()).toEqual(Array(3).fill('KEY_REVOKED'));
  });

  it('leaves the token in no table, wherever it was written', async () => {
    const key = await app.createKey();
    const percent = [...key.token].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
    const found = [
      {
        token: key.token,
        type: `type ${key.token}`,
        url: `https://x.example/${key.token}`,
        source: key.token,
      },
      { token: key.token, type: 't', url: `https://x.example/?key=${percent}`, note: key.token },
      { token: 'none', type: key.token, url: key.token },
    ];
    expect((await report(app, ...found)).status).toBe(200);
    await send(app, JSON.stringify([{ token: key.token, type: 1, [key.token]: 2 }]));
    await send(app, `[{"token":"${key.token}`);
    await send(app, JSON.stringify(found), { 'Github-Public-Key-Signature': key.token });
    await send(app, JSON.stringify(found), { 'Github-Public-Key-Identifier': key.token });

    const tables = await app.sql<{ name: string }>(
      `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
       WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
    );
    const core = key.token.slice('gate_live_'.length);
    const parts = Array.from({ length: core.length - 15 }, (_, i) => core.slice(i, i + 16));
    for (const { name } of tables) {
      for (const { row } of await app.sql<{ row: string }>(`SELECT t::text AS row FROM ${name} AS t`)) {
        const text =
          row + row.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
        expect([name, parts.some((part) => text.includes(part))]).toEqual([name, false]);
      }
    }
    expect(await reports(key)).toHaveLength(2);
  });
});

describe('a report that is not signed by a known key', () => {
  const from = (address: string) => ({ 'X-Forwarded-For': address });

  it.each([
    ['has no signature', { 'Github-Public-Key-Signature': '' }],
    ['has another’s identifier', { 'Github-Public-Key-Identifier': 'nobody' }],
    ['has a signature of other bytes', { 'Github-Public-Key-Signature': signatureOf('[]') }],
  ])('is refused, and does nothing, where it %s', async (_, headers) => {
    const key = await app.createKey();
    const answer = await send(app, JSON.stringify([exposed(key)]), { ...headers, ...from('192.0.2.10') });
    expect([answer.status, codeOf(answer)]).toEqual([401, 'SIGNATURE_INVALID']);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(await use(app, key)).toBe('ok');
    expect(await reports(key)).toEqual([]);
  });

  it('is not even parsed', async () => {
    const unsigned = { 'Github-Public-Key-Signature': '', ...from('192.0.2.11') };
    expect(codeOf(await send(app, '[{', unsigned))).toBe('SIGNATURE_INVALID');
    expect(codeOf(await send(app, '[{'))).toBe('MALFORMED_JSON');
  });

  it('is throttled by its address, where a signed one still comes through', async () => {
    const address = from('192.0.2.12');
    const unsigned = () => send(app, '[]', { 'Github-Public-Key-Signature': 'AAAA', ...address });
    const codes: (string | null)[] = [];
    for (let i = 0; i < 62; i++) codes.push(codeOf(await unsigned()));
    expect(codes.slice(0, 60)).toEqual(Array(60).fill('SIGNATURE_INVALID'));
    expect(codes.slice(60)).toEqual(Array(2).fill('TOO_MANY_FAILED_ATTEMPTS'));
    expect((await send(app, '[]', address)).status).toBe(200);
  });

  it('finds no route where no keys are configured', async () => {
    const closed = await startTestApp({ database });
    expect(codeOf(await send(closed, '[]'))).toBe('NOT_FOUND');
    await closed.close();
  });
});

describe('the form of a report', () => {
  it('is checked item by item, and nothing is done where one is wrong', async () => {
    const key = await app.createKey();
    const answer = await report(app, exposed(key), { type: 'x' }, { ...exposed(key), url: 1 }, 5 as never);
    expect([answer.status, json<ErrorAnswer>(answer).error.details?.['errors']]).toEqual([
      400,
      [
        { field: '[1].token', reason: 'is required' },
        { field: '[2].url', reason: 'must be text' },
        { field: '[3]', reason: 'must be an object' },
      ],
    ]);
    expect(await use(app, key)).toBe('ok');
  });

  it('may have further fields, and none that may be left out', async () => {
    const { token } = await app.createKey();
    const answer = await report(app, { token, type: 'x', commit: { sha: 'a' } });
    expect(labelsOf(answer)).toEqual(['true_positive']);
  });

  it('is bounded: in its items, their texts, and its bytes', async () => {
    const many = Array.from({ length: 1_001 }, () => ({ token: 'a', type: 'x' }));
    expect((await report(app, ...many.slice(1))).status).toBe(200);
    expect(json<ErrorAnswer>(await report(app, ...many)).error.message).toContain('at most 1000 items');
    const long = await report(
      app,
      { token: 'a'.repeat(513), type: 'x' },
      exposed({ token: 'a' }, 'u'.repeat(2_049)),
    );
    expect(json<ErrorAnswer>(long).error.details?.['errors']).toMatchObject([
      { field: '[0].token' },
      { field: '[1].url' },
    ]);
    expect(codeOf(await send(app, `[${' '.repeat(1_048_576)}]`))).toBe('PAYLOAD_TOO_LARGE');
    for (const body of ['{}', 'null', '"x"', '1']) {
      expect(json<ErrorAnswer>(await send(app, body)).error.message).toBe('body: must be a list');
    }
    expect(codeOf(await send(app, '[]', { 'Content-Type': 'text/plain' }))).toBe('UNSUPPORTED_MEDIA_TYPE');
    expect(codeOf(await send(app, '[{"token":"a","type":"x","__proto__":1}]'))).toBe('INVALID_INPUT');
  });

  it('is signed as the bytes are, whatever they are', async () => {
    expect(codeOf(await send(app, ''))).toBe('MALFORMED_JSON');
    const spaced = ` [ {"type":"x" , "token":"a\\u0061"} ]\n`;
    expect(labelsOf(await send(app, spaced))).toEqual(['false_positive']);
  });
});

describe('the reports of a store', () => {
  it('are listed for those who may read its keys, and stay when the key is deleted', async () => {
    const admin = await app.createKey({ role: 'admin' });
    const compliance = await app.createKey({ role: 'compliance', storeId: admin.storeId });
    const leaked = await app.createKey({ storeId: admin.storeId });
    for (const url of [URL_OF_LEAK, null]) await report(app, exposed(leaked, url));
    const path = `/api/v1/stores/${admin.storeId}/leaks`;
    const deleted = await call(app.url, `/api/v1/keys/${leaked.id}`, {
      method: 'DELETE',
      token: admin.token,
    });
    expect(deleted.status).toBe(204);
    const first = await call(app.url, `${path}?limit=1`, { token: compliance.token });
    expect(json(first)).toEqual({
      data: [
        {
          id: expect.stringMatching(/^lkr_/),
          keyId: leaked.id,
          keyName: 'Test key',
          preview: `${leaked.token.slice(0, 14)}…${leaked.token.slice(-4)}`,
          type: 'gate_token',
          url: null,
          source: 'content',
          action: 'ended',
          createdAt: expect.stringMatching(/Z$/),
        },
      ],
      pagination: { page: 1, limit: 1, totalCount: 2, hasMore: true, nextCursor: expect.any(String) },
    });
    const { nextCursor } = json<{ pagination: { nextCursor: string } }>(first).pagination;
    const second = await call(app.url, `${path}?limit=1&cursor=${nextCursor}`, { token: admin.token });
    expect(json(second)).toMatchObject({ data: [{ url: URL_OF_LEAK, action: 'revoked' }] });

    const stranger = await app.createKey({ role: 'admin' });
    expect(codeOf(await call(app.url, path, { token: stranger.token }))).toBe('NOT_FOUND');
    const writer = await app.createKey({ storeId: admin.storeId });
    expect(codeOf(await call(app.url, path, { token: writer.token }))).toBe('PERMISSION_DENIED');
  });
});

describe('the form of tokens', () => {
  it('is published, for everybody, in the brand of the installation', async () => {
    const branded = await startTestApp({ database, environment: { GATEHOUSE_TOKEN_BRAND: 'acme' } });
    const answer = await call(branded.url, '/api/v1/token-format');
    const format = json<{ brand: string; pattern: string; prefixes: string[]; checksum: string }>(answer);
    await branded.close();
    expect(format).toMatchObject({ brand: 'acme', prefixes: ['acme_live_', 'acme_test_'] });
    expect(newToken('acme', 'live')).toMatch(new RegExp(format.pattern));
    expect(format.checksum).toContain('CRC-32');
  });
});
