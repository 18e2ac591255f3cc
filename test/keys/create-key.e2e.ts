import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isWellFormedToken } from '../../src/keys/index.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { Calls, type KeyView, refusalOf, uuidOf } from './key-calls.js';
import { linedUp } from './line-up.js';

const DAY_MS = 86_400_000;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let app: TestApp;
let calls: Calls;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
afterAll(() => app.close());

const post = (admin: TestKey, body: object) =>
  calls.call(admin, 'post', `/stores/${admin.storeId}/keys`).send(body);

describe('creating a key', () => {
  it('takes every field, answers all of them, and says where the key is', async () => {
    const admin = await calls.admin();
    const expiresAt = new Date(Date.now() + 10 * DAY_MS).toISOString();
    const { status, headers, body } = await post(admin, {
      name: 'Production – dashboard',
      roleId: 'read-write',
      permissions: { content: 'read' },
      expiresAt,
      ipAllowlist: ['127.0.0.0/8', '2001:db8::/32'],
      metadata: { team: 'growth', empty: '' },
      limits: { day: 1_000 },
    });
    const { token, ...key } = body;
    expect(status).toBe(201);
    expect(token).toMatch(/^gate_live_[0-9A-Za-z]{49}$/);
    expect(key).toEqual({
      id: expect.stringMatching(/^key_[0-9a-z]{26}$/),
      storeId: admin.storeId,
      name: 'Production – dashboard',
      preview: `${token?.slice(0, 14)}…${token?.slice(-4)}`,
      status: 'active',
      environment: 'live',
      role: { id: expect.stringMatching(/^rol_/), name: 'read-write' },
      permissions: { content: 'read' },
      effective: expect.objectContaining({
        'content.campaigns': 'read',
        'settings.keys': 'none',
        'settings.organization': 'none',
        'settings.roles': 'none',
        'settings.stores': 'none',
      }),
      ipAllowlist: ['127.0.0.0/8', '2001:db8::/32'],
      metadata: { team: 'growth', empty: '' },
      limits: { hour: null, day: 1_000 },
      expiresAt,
      revokedAt: null,
      revokedReason: null,
      rotationDue: false,
      owner: null,
      createdBy: { type: 'key', id: admin.id },
      createdAt: expect.stringMatching(TIME),
      updatedAt: key.createdAt,
      lastUsedAt: null,
      lastUsedIp: null,
      usageToday: { requests: 0, charged: 0 },
      secrets: [
        {
          id: expect.stringMatching(/^sec_/),
          preview: key.preview,
          createdAt: expect.stringMatching(TIME),
          endsAt: null,
          lastUsedAt: null,
          lastUsedIp: null,
        },
      ],
    });
    expect(headers['location']).toBe(`/api/v1/keys/${key.id}`);
    const got = await calls.call(admin, 'get', `/keys/${key.id}`).expect(200);
    expect(got.body).toEqual(key);
    expect(got.headers['etag']).toBe(headers['etag']);
    expect(await calls.use(token ?? '')).toBe('ok');
  });

  it('by a member says so', async () => {
    const session = await app.signIn();
    const { body: stores } = await calls
      .call<{ data: { id: string; kind: string }[] }>(session, 'get', '/stores')
      .expect(200);
    const storeId = stores.data.find(({ kind }) => kind === 'live')?.id ?? '';
    const { body } = await calls
      .call(session, 'post', `/stores/${storeId}/keys`)
      .send({ name: 'Hers', roleId: 'analyst' })
      .expect(201);
    expect(body).toMatchObject({
      storeId,
      createdBy: { type: 'member', id: expect.stringMatching(/^mem_/) },
    });
    expect(await calls.use(body.token ?? '')).toBe('ok');
  });

  it.each([
    ['never', null],
    ['30d', 30],
    ['60d', 60],
    ['90d', 90],
    ['1y', 365],
  ])('that lasts %s', async (expiresIn, days) => {
    const admin = await calls.admin();
    const { expiresAt, createdAt } = await calls.create(admin, { expiresIn });
    if (days === null) expect(expiresAt).toBeNull();
    else
      expect(Math.abs(Date.parse(expiresAt ?? '') - Date.parse(createdAt) - days * DAY_MS)).toBeLessThan(
        5_000,
      );
  });

  it('takes a role by its id too, and permissions alone over read-write', async () => {
    const admin = await calls.admin();
    const readOnly = (await calls.create(admin, { roleId: 'read-only' })).role;
    expect((await calls.create(admin, { roleId: readOnly.id })).role).toEqual(readOnly);
    const { body } = await post(admin, { name: 'Narrow', permissions: { content: 'write' } }).expect(201);
    expect(body).toMatchObject({ role: { name: 'read-write' }, permissions: { content: 'write' } });
  });

  it('in a sandbox makes a test key', async () => {
    const admin = await calls.admin({ sandbox: true });
    const key = await calls.create(admin);
    expect(key).toMatchObject({ environment: 'test', token: expect.stringMatching(/^gate_test_/) });
    expect(isWellFormedToken(key.token)).toBe(true);
  });

  it('is written to the change log with its actor, and never with the token', async () => {
    const admin = await calls.admin();
    const { id, token } = await calls.create(admin);
    const rows = await app.sql<{ entity: string; text: string }>(
      `SELECT entity, action || ' ' || actor_type || ' ' || actor_id AS text FROM change_log
       WHERE after->>'id' = $1 OR after->>'key_id' = $1 ORDER BY entity`,
      [uuidOf('key', id)],
    );
    const text = `insert key ${uuidOf('key', admin.id)}`;
    expect(rows.map((row) => [row.entity, row.text])).toEqual(
      expect.arrayContaining([
        ['key', text],
        ['key_secret', text],
      ]),
    );
    const [leak] = await app.sql<{ count: number }>(
      `SELECT count(*)::integer FROM (
         SELECT to_jsonb(c)::text AS row FROM change_log c UNION ALL SELECT to_jsonb(r)::text FROM request_log r
         UNION ALL SELECT to_jsonb(k)::text FROM keys k UNION ALL SELECT to_jsonb(s)::text FROM key_secrets s) AS rows
       WHERE position($1 IN row) > 0`,
      [token.slice('gate_live_'.length, -6)],
    );
    expect(leak?.count).toBe(0);
  });
});

describe('a token', () => {
  it('is shown by the creating answer and by none after it', async () => {
    const admin = await calls.admin();
    const { id, token } = await calls.create(admin);
    const secret = token.slice('gate_live_'.length);
    const later = [
      await calls.call(admin, 'get', `/keys/${id}`),
      await calls.call(admin, 'get', `/stores/${admin.storeId}/keys`),
      await calls.call(admin, 'patch', `/keys/${id}`).send({ name: 'Other' }),
      await calls.call({ token }, 'get', `/keys/${id}`),
      await calls.call({ token }, 'get', '/me'),
      await calls.call(admin, 'post', `/keys/${id}/revoke`),
    ];
    for (const answer of later) {
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain(secret.slice(0, 12));
      expect(answer.body).not.toHaveProperty('token');
    }
  });

  it('is not shown by a replay either: 409 with the key’s id', async () => {
    const admin = await calls.admin();
    const create = () => post(admin, { name: 'Once', roleId: 'read-only' }).set('Idempotency-Key', 'once');
    const first = await create().expect(201);
    expect(refusalOf(await create())).toEqual([409, 'SECRET_ALREADY_SHOWN', { id: first.body.id }]);
    const rotate = () =>
      calls.call(admin, 'post', `/keys/${first.body.id}/rotate`).set('Idempotency-Key', 'again');
    await rotate().expect(200);
    expect(refusalOf(await rotate())).toEqual([409, 'SECRET_ALREADY_SHOWN', { id: first.body.id }]);
    const { body } = await calls.call(admin, 'get', `/keys/${first.body.id}`);
    expect(body.secrets).toHaveLength(2);
    const kept = await app.sql('SELECT body FROM idempotency_replies WHERE secret_of = $1', [first.body.id]);
    expect(kept).toEqual([{ body: null }, { body: null }]);
  });
});

describe('a new key is refused', () => {
  const SOUND = { name: 'Key', roleId: 'read-only' };
  let admin: TestKey;
  beforeAll(async () => {
    admin = await calls.admin();
  });

  it.each<[string, object, string]>([
    ['without a name', { roleId: 'read-only' }, 'name'],
    ['with an empty name', { ...SOUND, name: '' }, 'name'],
    ['with a name of spaces alone', { ...SOUND, name: ' \u3000 ' }, 'name'],
    ['with a name of 101 characters', { ...SOUND, name: 'x'.repeat(101) }, 'name'],
    ['with neither role nor permissions', { name: 'Key' }, 'roleId'],
    ['with permissions null and no role', { name: 'Key', permissions: null }, 'roleId'],
    ['with an unknown role', { ...SOUND, roleId: 'superuser' }, 'roleId'],
    ['with the id of no role', { ...SOUND, roleId: 'rol_01h455vb4pex5vsknk084sn02q' }, 'roleId'],
    ['with the id of something else', { ...SOUND, roleId: 'key_01h455vb4pex5vsknk084sn02q' }, 'roleId'],
    ['with a permission on nothing', { ...SOUND, permissions: { billing: 'read' } }, 'permissions.billing'],
    ['with an unknown level', { ...SOUND, permissions: { content: 'delete' } }, 'permissions.content'],
    [
      'with a network that is none',
      { ...SOUND, ipAllowlist: ['10.0.0.0/8', '10.0.0.0/33'] },
      'ipAllowlist[1]',
    ],
    ['with a host’s name', { ...SOUND, ipAllowlist: ['example.org'] }, 'ipAllowlist[0]'],
    ['with an unknown time to live', { ...SOUND, expiresIn: '2y' }, 'expiresIn'],
    ['that has ended already', { ...SOUND, expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    ['with two ends', { ...SOUND, expiresIn: '30d', expiresAt: '2090-01-01T00:00:00Z' }, 'expiresAt'],
    ['with an end in no known form', { ...SOUND, expiresAt: 'tomorrow' }, 'expiresAt'],
    ['with metadata that is no text', { ...SOUND, metadata: { team: 1 } }, 'metadata.team'],
    ['with a field that does not exist', { ...SOUND, scope: 'all' }, 'scope'],
  ])('%s', async (_, body, field) => {
    const answer = await post(admin, body);
    expect(refusalOf(answer)).toEqual([400, 'INVALID_INPUT', expect.objectContaining({ field })]);
  });

  it('and nothing of them is left', async () => {
    const { body } = await calls.call<{ data: KeyView[] }>(admin, 'get', `/stores/${admin.storeId}/keys`);
    expect(body.data.map(({ id }) => id)).toEqual([admin.id]);
  });

  it('with a role of another organization', async () => {
    const other = await calls.admin();
    const role = await calls
      .call<{ id: string }>(other, 'post', '/roles')
      .send({ name: 'Theirs', grants: { content: 'read' } })
      .expect(201);
    expect(refusalOf(await post(admin, { name: 'Key', roleId: role.body.id }))).toEqual([
      400,
      'INVALID_INPUT',
      expect.objectContaining({ field: 'roleId' }),
    ]);
  });
});

describe('the active keys of a store', () => {
  it('are ten at most: revoked and expired ones do not count', async () => {
    const admin = await calls.admin();
    const keys = [];
    for (let count = 1; count < 10; count += 1) keys.push(await calls.create(admin));
    const one = () => post(admin, { name: 'One more', roleId: 'read-only' });
    expect(refusalOf(await one())).toEqual([409, 'KEY_LIMIT_REACHED', { limit: 10 }]);

    await calls.call(admin, 'post', `/keys/${keys[0]?.id}/revoke`).expect(200);
    await one().expect(201);
    expect((await one()).status).toBe(409);
    await app.sql(`UPDATE keys SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      uuidOf('key', keys[1]?.id ?? ''),
    ]);
    await one().expect(201);
    await calls.call(admin, 'delete', `/keys/${keys[2]?.id}`).expect(204);
    await one().expect(201);
    expect((await one()).status).toBe(409);
  });

  it('are ten at most for those who come at once, too', async () => {
    const admin = await calls.admin();
    for (let count = 1; count < 9; count += 1) await app.createKey({ storeId: admin.storeId });
    const create = () => post(admin, { name: 'The last', roleId: 'read-only' });
    const answers = await linedUp(app, 'keys', 3, () => Promise.all([create(), create(), create()]));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('are made by many at once without waiting for each other’s connections', async () => {
    const admin = await calls.admin();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => post(admin, { name: 'At once', roleId: 'read-only' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(9);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(3);
  });

  it('are as many as the organization may have', async () => {
    const admin = await calls.admin();
    const limit = (value: number) =>
      app.sql('UPDATE organizations SET active_keys_per_store = $1 WHERE id = $2', [
        value,
        uuidOf('organization', admin.organizationId),
      ]);
    await limit(1);
    expect((await post(admin, { name: 'Second', roleId: 'read-only' })).body.error.details).toEqual({
      limit: 1,
    });
    await limit(2);
    await post(admin, { name: 'Second', roleId: 'read-only' }).expect(201);
  });
});
