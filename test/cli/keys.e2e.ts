import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { documentOf, failureOf, gatehouse, gatehouseHere } from './gatehouse.js';

interface KeyDocument {
  readonly id: string;
  readonly storeId: string;
  readonly token: string;
  readonly status: string;
  readonly expiresAt: string | null;
  readonly oldSecretEndsAt: string;
}

let app: TestApp;
/** Of a store of its own. */
let other: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  other = await app.createKey();
});
afterAll(() => app.close());

const run = (...args: string[]) => gatehouseHere(app.database, args);
/** As people do, each in a process of its own. */
const start = (...args: string[]) => gatehouse(app.database, args);
const runJson = <T = KeyDocument>(...args: string[]) => documentOf<T>(run(...args, '--json'));
const fails = (...args: string[]) => failureOf(run(...args, '--json'));

/** Status and error code of a request with a token. */
async function knock(token: string): Promise<string> {
  const response = await app.request.get('/api/v1/campaigns').set('Authorization', `Bearer ${token}`);
  const { error } = response.body as { error?: { code: string } };
  return error ? `${response.status} ${error.code}` : String(response.status);
}

/** A key made by the command, for the store of `other`. */
function make(...args: string[]): Promise<KeyDocument> {
  return runJson(
    'keys',
    'create',
    '--name',
    'Made here',
    '--role',
    'read-only',
    '--store',
    other.storeId,
    ...args,
  );
}

/** The newest change row of a table's row, by the row's public key id. */
async function changeOf(entity: string, action: string) {
  const [row] = await app.sql<{ actor: string; reason: string }>(
    `SELECT actor_type || ' ' || actor_id AS actor, reason FROM change_log
     WHERE entity = $1 AND action = $2 ORDER BY id DESC LIMIT 1`,
    [entity, action],
  );
  return row;
}

describe('gatehouse keys create', () => {
  it('makes a key whose token works at once over HTTP, and says who made it', async () => {
    const key = await make('--expires-in', '30d', '--ip', '127.0.0.0/8', '--ip', '::1');
    expect(key).toMatchObject({
      storeId: other.storeId,
      status: 'active',
      ipAllowlist: ['127.0.0.0/8', '::1'],
      createdBy: { type: 'system', id: 'cli' },
    });
    expect(Date.parse(key.expiresAt ?? '') - Date.now()).toBeGreaterThan(29.9 * 86_400_000);
    expect(await knock(key.token)).toBe('200');
    expect(await changeOf('key', 'insert')).toEqual({ actor: 'system cli', reason: 'gatehouse keys create' });
  });

  it('takes the first live store without --store, its sandbox with --sandbox, and prints the token once', async () => {
    const [first] = await app.sql<{ name: string }>(
      `SELECT name FROM stores WHERE kind = 'live' ORDER BY id LIMIT 1`,
    );
    const { code, stdout, stderr } = await start(
      'keys',
      'create',
      '--name',
      'For people',
      '--role',
      'analyst',
      '--sandbox',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`${first?.name} (sandbox)`);
    const tokens = stdout.match(/gate_test_[0-9A-Za-z]{49}/g) ?? [];
    expect(tokens).toHaveLength(1);
    expect(await knock(tokens[0] ?? '')).toBe('200');
  });

  it('narrows with --permissions alone', async () => {
    const key = await runJson<KeyDocument & { effective: Record<string, string>; role: { name: string } }>(
      ...[
        'keys',
        'create',
        '--name',
        'Narrow',
        '--store',
        other.storeId,
        '--permissions',
        '{"content":"read"}',
      ],
    );
    expect(key.role.name).toBe('read-write');
    expect(key.effective).toMatchObject({ 'content.campaigns': 'read', 'settings.keys': 'none' });
  });

  it('keeps the rules of the API, names options, and makes nothing', async () => {
    const count = () => app.sql('SELECT id FROM keys').then((rows) => rows.length);
    const before = await count();
    const create = ['keys', 'create', '--name', 'Refused', '--store', other.storeId];
    const refused: [string[], RegExp][] = [
      [[], /^--role is required/],
      [['--role', 'emperor'], /^--role names no role/],
      [['--permissions', '{nothing'], /^--permissions must be JSON/],
      [
        ['--permissions', '{"content.nothing":"read"}', '--ip', '10.0.0.0/33'],
        /^--permissions content\.nothing is no .*; --ip must have a prefix/,
      ],
      [['--role', 'admin', '--expires-at', '2020-01-01T00:00:00Z'], /^--expires-at must be in the future/],
    ];
    for (const [args, message] of refused) {
      expect(await fails(...create, ...args)).toEqual({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(message),
      });
    }
    expect(
      (await fails('keys', 'create', '--name', 'x', '--role', 'admin', '--store', 'sto_nothing')).code,
    ).toBe('NOT_FOUND');
    expect(await count()).toBe(before);
  });

  it('stops at the number of keys that the plan allows', async () => {
    const full = await app.createKey();
    for (let i = 1; i < 10; i++) await app.createKey({ storeId: full.storeId });
    expect(
      await fails('keys', 'create', '--name', 'x', '--role', 'read-only', '--store', full.storeId),
    ).toMatchObject({
      code: 'KEY_LIMIT_REACHED',
    });
  });
});

describe('gatehouse keys revoke', () => {
  it('refuses the very next request of a running server, for the reason given', async () => {
    const key = await make();
    expect(await knock(key.token)).toBe('200');
    const revoked = await runJson('keys', 'revoke', key.id, '--reason', 'left the company');
    expect(revoked).toMatchObject({ status: 'revoked', revokedReason: 'left the company' });
    expect(await knock(key.token)).toBe('401 KEY_REVOKED');
    expect(await changeOf('key', 'update')).toEqual({ actor: 'system cli', reason: 'left the company' });
    const again = await run('keys', 'revoke', key.id);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('was revoked already');
    expect((await fails('keys', 'rotate', key.id)).code).toBe('CONFLICT');
  });

  it('says in one line that there is no such key', async () => {
    const { code, stdout, stderr } = await start('keys', 'revoke', 'key_01arz3ndektsv4rrffq69g5fav');
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'gatehouse: There is no key key_01arz3ndektsv4rrffq69g5fav.\n',
    });
  });
});

describe('gatehouse keys rotate', () => {
  it('ends the old token at once, or lets it work for as long as asked', async () => {
    const key = await make();
    const second = await runJson('keys', 'rotate', key.id);
    expect(await knock(key.token)).toBe('401 KEY_EXPIRED');
    const third = await runJson('keys', 'rotate', key.id, '--grace', '3600');
    expect(third.id).toBe(key.id);
    expect(Date.parse(third.oldSecretEndsAt) - Date.now()).toBeGreaterThan(3_500_000);
    expect([await knock(second.token), await knock(third.token)]).toEqual(['200', '200']);
    expect(await fails('keys', 'rotate', key.id, '--grace', '604801')).toEqual({
      code: 'INVALID_INPUT',
      message: '--grace must be a whole number from 0 to 604800',
    });
  });
});

describe('gatehouse keys delete', () => {
  it('goes ahead with --yes alone where nobody can be asked', async () => {
    const key = await make();
    expect((await fails('keys', 'delete', key.id)).code).toBe('CONFIRMATION_REQUIRED');
    expect(await knock(key.token)).toBe('200');
    expect(await runJson('keys', 'delete', key.id, '--yes')).toEqual({
      id: key.id,
      name: 'Made here',
      deleted: true,
    });
    expect(await knock(key.token)).toBe('401 KEY_UNKNOWN');
    expect(await changeOf('key', 'delete')).toEqual({ actor: 'system cli', reason: 'gatehouse keys delete' });
  });
});

describe('gatehouse keys list', () => {
  interface List {
    readonly data: readonly KeyDocument[];
    readonly pagination: { readonly totalCount: number };
  }

  it('lists what the API would, by store and status, without any token', async () => {
    const store = await app.createKey({ role: 'admin' });
    const revoked = await app.createKey({ storeId: store.storeId });
    await runJson('keys', 'revoke', revoked.id);
    const overHttp = await app.request
      .get(`/api/v1/stores/${store.storeId}/keys?limit=100`)
      .set('Authorization', `Bearer ${store.token}`);
    const ids = (list: List) => list.data.map(({ id }) => id);
    const listed = await runJson<List>('keys', 'list', '--store', store.storeId);
    expect(ids(listed)).toEqual(ids(overHttp.body as List));
    expect(ids(await runJson<List>('keys', 'list', '--store', store.storeId, '--status', 'revoked'))).toEqual(
      [revoked.id],
    );
    const everywhere = await runJson<List>('keys', 'list', '--limit', '1');
    expect(everywhere.data).toHaveLength(1);
    expect(everywhere.pagination.totalCount).toBeGreaterThan(2);
    expect(JSON.stringify(listed)).not.toMatch(/_[0-9A-Za-z]{49}/);
  });

  it('aligns columns for people, and says what to do where there is nothing', async () => {
    const { stdout } = await run('keys', 'list', '--store', other.storeId);
    const [headings = '', ...lines] = stdout.split('\n');
    const column = headings.indexOf('STATUS');
    expect(column).toBeGreaterThan(0);
    const rows = lines.filter((line) => line.startsWith('key_'));
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows) expect(row.slice(column)).toMatch(/^(active|revoked) +live /);
    expect(rows.join('\n')).toMatch(/in 30 days \(\d{4}-\d\d-\d\dT[\d:.]+Z\)/);
    const nothing = await run('keys', 'list', '--store', other.storeId, '--status', 'expired');
    expect(nothing).toMatchObject({ code: 0, stdout: expect.stringContaining('No key fits') });
  });
});

describe('gatehouse', () => {
  it('lists the roles that a key can have', async () => {
    const { data } = await runJson<{ data: { name: string; builtin: boolean }[] }>('roles', 'list');
    expect(data.filter(({ builtin }) => builtin).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['read-only', 'read-write', 'analyst', 'compliance', 'admin']),
    );
  });

  it('refuses what it does not know, in one line, and touches nothing', async () => {
    expect(await start('keys', 'destroy')).toEqual({
      code: 1,
      stdout: '',
      stderr: "gatehouse: unknown command 'destroy'\n",
    });
    expect(await fails('keys', 'list', '--colour')).toEqual({
      code: 'USAGE',
      message: "unknown option '--colour'",
    });
    expect(await fails('keys', 'revoke')).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining("'id'"),
    });
  });

  it('says in one line that the database does not answer, or that the settings are wrong', async () => {
    const nowhere = {
      url: 'postgres://gatehouse@127.0.0.1:1/none',
      ownerUrl: 'postgres://gatehouse@127.0.0.1:1/none',
    };
    expect((await failureOf(gatehouse(nowhere, ['keys', 'list', '--json']))).code).toBe(
      'DATABASE_UNAVAILABLE',
    );
    const settings = { environment: { GATEHOUSE_SECRET: 'short', PORT: 'none' } };
    const failure = await failureOf(gatehouse(app.database, ['keys', 'list', '--json'], settings));
    expect(failure).toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringMatching(/PORT .*; GATEHOUSE_SECRET /),
    });
  });
});
