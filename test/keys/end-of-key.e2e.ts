import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Calls, refusalOf, uuidOf } from './key-calls.js';

let app: TestApp;
let calls: Calls;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
afterAll(() => app.close());

describe('rotating a key', () => {
  it('without a grace period ends the old secret at once', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    expect(await calls.use(key.token)).toBe('ok');
    const { body, headers } = await calls.call(admin, 'post', `/keys/${key.id}/rotate`).expect(200);
    const token = body.token ?? '';
    expect(body).toMatchObject({
      id: key.id,
      name: key.name,
      status: 'active',
      preview: `${token.slice(0, 14)}…${token.slice(-4)}`,
    });
    expect(token).not.toBe(key.token);
    expect(Date.parse(body.oldSecretEndsAt ?? '')).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(headers['etag']).toBe((await calls.call(admin, 'get', `/keys/${key.id}`)).headers['etag']);
    expect([await calls.use(key.token), await calls.use(token)]).toEqual(['KEY_EXPIRED', 'ok']);
  });

  it('with one lets both work until it is over', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    const { body } = await calls
      .call(admin, 'post', `/keys/${key.id}/rotate`)
      .send({ graceSeconds: 3_600 })
      .expect(200);
    const token = body.token ?? '';
    expect(Math.abs(Date.parse(body.oldSecretEndsAt ?? '') - Date.now() - 3_600_000)).toBeLessThan(5_000);
    expect(body.secrets.map(({ endsAt }) => endsAt)).toEqual([null, body.oldSecretEndsAt]);
    expect([await calls.use(key.token), await calls.use(token)]).toEqual(['ok', 'ok']);
    const used = await calls.call(admin, 'get', `/keys/${key.id}`);
    expect(used.body.secrets.every(({ lastUsedAt }) => lastUsedAt !== null)).toBe(true);

    await app.sql(
      `UPDATE key_secrets SET not_after = now() - interval '1 millisecond' WHERE key_id = $1 AND not_after IS NOT NULL`,
      [uuidOf('key', key.id)],
    );
    expect([await calls.use(key.token), await calls.use(token)]).toEqual(['KEY_EXPIRED', 'ok']);
  });

  it('with one that reaches beyond the key’s end says that the old secret ends with the key', async () => {
    const admin = await calls.admin();
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const key = await calls.create(admin, { expiresAt });
    const grace = { graceSeconds: 604_800 };
    const bulk = await calls
      .call<{ results: { oldSecretEndsAt: string }[] }>(
        admin,
        'post',
        `/stores/${admin.storeId}/keys/bulk-rotate`,
      )
      .send({ filter: { ids: [key.id] }, ...grace, dryRun: true })
      .expect(200);
    expect(bulk.body.results).toMatchObject([{ oldSecretEndsAt: expiresAt }]);
    const { body } = await calls.call(admin, 'post', `/keys/${key.id}/rotate`).send(grace).expect(200);
    expect(body.oldSecretEndsAt).toBe(expiresAt);
    expect(body.secrets.map(({ endsAt }) => endsAt)).toEqual([null, null]);
  });

  it('again and again shows the secrets that work and the ten that ended last, and every last use', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    await calls.use(key.token);
    const path = `/keys/${key.id}/rotate`;
    for (let count = 0; count < 12; count += 1) await calls.call(admin, 'post', path).expect(200);
    await calls.call(admin, 'post', path).send({ graceSeconds: 60 }).expect(200);
    const { body } = await calls.call(admin, 'get', `/keys/${key.id}`).expect(200);
    expect(body.secrets).toHaveLength(12);
    expect(body.secrets.map(({ preview }) => preview)).not.toContain(key.preview);
    expect(body.lastUsedAt).not.toBeNull();
  });

  it('with grace leaves at most five secrets that work, and without it ends them all', async () => {
    const admin = await calls.admin();
    const key = await app.createKey({ storeId: admin.storeId });
    const rotate = (graceSeconds: number) =>
      calls.call(admin, 'post', `/keys/${key.id}/rotate`).send({ graceSeconds });
    for (let i = 0; i < 4; i++) await rotate(604_800).expect(200);
    const refused = await rotate(604_800);
    expect([refused.status, refused.body.error.code, refused.body.error.details]).toEqual([
      409,
      'CONFLICT',
      { limit: 5 },
    ]);
    const filter = { ids: [key.id] };
    for (const dryRun of [true, false]) {
      const { body } = await calls
        .call(admin, 'post', `/stores/${admin.storeId}/keys/bulk-rotate`)
        .send({ filter, graceSeconds: 60, dryRun })
        .expect(200);
      expect(body).toMatchObject({ results: [{ outcome: 'refused', reason: 'TOO_MANY_SECRETS' }] });
    }
    await calls.call(key, 'get', '/me').expect(200);
    await rotate(0).expect(200);
    await calls.call(key, 'get', '/me').expect(401);
    await rotate(604_800).expect(200);
  });

  it('never makes an older secret live longer', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    const second = await calls.call(admin, 'post', `/keys/${key.id}/rotate`).expect(200);
    const third = await calls
      .call(admin, 'post', `/keys/${key.id}/rotate`)
      .send({ graceSeconds: 3_600 })
      .expect(200);
    expect([
      await calls.use(key.token),
      await calls.use(second.body.token ?? ''),
      await calls.use(third.body.token ?? ''),
    ]).toEqual(['KEY_EXPIRED', 'ok', 'ok']);
  });

  it('can be done by a key to itself, and costs nothing', async () => {
    const admin = await calls.admin();
    await app.sql('UPDATE organizations SET hour_limit = 1 WHERE id = $1', [
      uuidOf('organization', admin.organizationId),
    ]);
    expect(await calls.use(admin.token)).toBe('ok');
    expect(await calls.use(admin.token)).toBe('QUOTA_EXCEEDED');
    const { body } = await calls.call(admin, 'post', `/keys/${admin.id}/rotate`).expect(200);
    expect(await calls.use(admin.token)).toBe('KEY_EXPIRED');
    await calls.call({ token: body.token ?? '' }, 'post', `/keys/${admin.id}/revoke`).expect(200);
  });

  it.each([-1, 604_801, 1.5, '60', null])('refuses a grace period of %j seconds', async (graceSeconds) => {
    const admin = await calls.admin();
    const answer = await calls.call(admin, 'post', `/keys/${admin.id}/rotate`).send({ graceSeconds });
    expect(refusalOf(answer)).toEqual([
      400,
      'INVALID_INPUT',
      expect.objectContaining({ field: 'graceSeconds' }),
    ]);
    expect(await calls.use(admin.token)).toBe('ok');
  });

  it('is refused for what has ended', async () => {
    const admin = await calls.admin();
    const [expired, revoked] = [await calls.create(admin), await calls.create(admin)];
    await app.sql(`UPDATE keys SET expires_at = now() WHERE id = $1`, [uuidOf('key', expired.id)]);
    await calls.call(admin, 'post', `/keys/${revoked.id}/revoke`).expect(200);
    expect([
      refusalOf(await calls.call(admin, 'post', `/keys/${expired.id}/rotate`)),
      refusalOf(await calls.call(admin, 'post', `/keys/${revoked.id}/rotate`)),
    ]).toEqual([
      [409, 'CONFLICT', { status: 'expired' }],
      [409, 'CONFLICT', { status: 'revoked' }],
    ]);
  });

  it('is due ninety days after the last secret', async () => {
    const admin = await calls.admin();
    const age = (days: number) =>
      app.sql(
        `UPDATE key_secrets SET created_at = now() - make_interval(days => $1, mins => 1) WHERE key_id = $2`,
        [days, uuidOf('key', admin.id)],
      );
    const due = async () => (await calls.call(admin, 'get', `/keys/${admin.id}`)).body.rotationDue;
    await age(89);
    expect(await due()).toBe(false);
    await age(90);
    expect(await due()).toBe(true);
    const { body } = await calls.call(admin, 'post', `/keys/${admin.id}/rotate`).expect(200);
    expect(body.rotationDue).toBe(false);
  });
});

describe('revoking a key', () => {
  it('ends it at once and for good; doing it twice changes nothing', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    await calls.use(key.token);
    const revoke = (body: object) =>
      calls.call(admin, 'post', `/keys/${key.id}/revoke`).send(body).expect(200);
    const first = await revoke({ reason: 'leaked' });
    expect(first.body).toMatchObject({
      status: 'revoked',
      revokedAt: expect.any(String),
      revokedReason: 'leaked',
    });
    expect(await calls.use(key.token)).toBe('KEY_REVOKED');
    const second = await revoke({ reason: 'again' });
    const { lastUsedAt: _at, lastUsedIp: _ip, secrets: _secrets, ...kept } = first.body;
    expect(second.body).toMatchObject(kept);
    const [row] = await app.sql<{ reason: string }>(
      `SELECT reason FROM change_log WHERE entity = 'key' AND entity_id = $1 ORDER BY id DESC LIMIT 1`,
      [uuidOf('key', key.id)],
    );
    expect(row?.reason).toBe('leaked');
  });

  it('can be done by any key to itself, whatever it is granted, its plan caps and its quota leaves', async () => {
    const admin = await calls.admin({ plan: 'starter' });
    const key = await app.createKey({ storeId: admin.storeId, role: 'read-only', permissions: {} });
    await app.sql('UPDATE organizations SET day_limit = 1 WHERE id = $1', [
      uuidOf('organization', admin.organizationId),
    ]);
    const other = await calls.call({ token: key.token }, 'post', `/keys/${admin.id}/revoke`);
    expect(other.body.error.code).toBe('PERMISSION_DENIED');
    const { headers } = await calls.call({ token: key.token }, 'post', `/keys/${key.id}/revoke`).expect(200);
    expect(headers['x-ratelimit-remaining']).toBe('1');
    expect(await calls.use(key.token)).toBe('KEY_REVOKED');
    expect(await calls.use(admin.token)).toBe('ok');
  });

  it('is possible for an expired key', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    await app.sql(`UPDATE keys SET expires_at = now() WHERE id = $1`, [uuidOf('key', key.id)]);
    const { body } = await calls.call(admin, 'post', `/keys/${key.id}/revoke`).expect(200);
    expect(body.status).toBe('revoked');
    expect(await calls.use(key.token)).toBe('KEY_REVOKED');
  });
});

describe('deleting a key', () => {
  it('ends it, removes its record, and leaves what the logs say of it', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin, { name: 'Remember me' });
    await calls.use(key.token);
    const { text } = await calls.call(admin, 'delete', `/keys/${key.id}`).expect(204);
    expect(text).toBe('');
    expect(await calls.use(key.token)).toBe('KEY_UNKNOWN');
    expect((await calls.call(admin, 'get', `/keys/${key.id}`)).status).toBe(404);
    expect((await calls.call(admin, 'delete', `/keys/${key.id}`)).status).toBe(404);

    const id = uuidOf('key', key.id);
    const rows = await app.sql(
      'SELECT key_name, status FROM request_log WHERE key_id = $1 AND status = 200',
      [id],
    );
    expect(rows).toEqual([{ key_name: 'Remember me', status: 200 }]);
    const changes = await app.sql(
      `SELECT action, before->>'name' AS name FROM change_log WHERE entity = 'key' AND entity_id = $1 AND action = 'delete'`,
      [id],
    );
    expect(changes).toEqual([{ action: 'delete', name: 'Remember me' }]);
    const secrets = await app.sql('SELECT 1 FROM key_secrets WHERE key_id = $1', [id]);
    expect(secrets).toEqual([]);
  });
});
