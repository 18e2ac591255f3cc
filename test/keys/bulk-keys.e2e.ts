import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { Calls, refusalOf, uuidOf } from './key-calls.js';
import { age, eventsOf } from './key-life.js';

interface BulkView {
  dryRun: boolean;
  matched: number;
  more: boolean;
  results: {
    id: string;
    name: string;
    preview: string;
    outcome: string;
    reason?: string;
    token?: string;
    oldSecretEndsAt?: string;
    expiresAt?: string | null;
    lastUsedAt: string | null;
    requestsToday: number;
  }[];
}

let app: TestApp;
let calls: Calls;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
afterAll(() => app.close());

const bulk = (admin: TestKey, what: 'revoke' | 'rotate' | 'extend', body: object) =>
  calls.call<BulkView>(admin, 'post', `/stores/${admin.storeId}/keys/bulk-${what}`).send(body);

/** Everything that a bulk operation may change. */
const state = (admin: TestKey) =>
  app.sql(
    `SELECT k.id, k.version, k.revoked_at, k.expires_at, s.id AS secret, s.not_after
     FROM keys k JOIN key_secrets s ON s.key_id = k.id WHERE k.store_id = $1 ORDER BY k.id, s.id`,
    [uuidOf('store', admin.storeId)],
  );

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

describe('revoking many keys', () => {
  it('ends those that fit, tells of each, and leaves the others', async () => {
    const admin = await calls.admin();
    const [old, used, fresh] = [
      await calls.create(admin, { name: 'Export old' }),
      await calls.create(admin, { name: 'Export used' }),
      await calls.create(admin, { name: 'Export fresh' }),
    ];
    for (const key of [old, used]) await age(app, key.id, 60);
    await calls.use(used.token);
    const elsewhere = await calls.create(await calls.admin(), { name: 'Export elsewhere' });
    await age(app, elsewhere.id, 60);

    const filter = { search: 'export', unusedDays: 30 };
    const { status, body } = await bulk(admin, 'revoke', { filter, reason: 'unused' });
    expect([status, body]).toEqual([
      200,
      {
        dryRun: false,
        matched: 1,
        more: false,
        results: [
          {
            id: old.id,
            name: 'Export old',
            preview: old.preview,
            outcome: 'revoked',
            lastUsedAt: null,
            requestsToday: 0,
          },
        ],
      },
    ]);
    expect(await calls.use(old.token)).toBe('KEY_REVOKED');
    for (const key of [used, fresh, elsewhere]) expect(await calls.use(key.token)).toBe('ok');
    expect((await eventsOf(app, old.id)).at(-1)).toMatchObject({
      type: 'key.revoked',
      data: { reason: 'unused' },
    });
    const again = await bulk(admin, 'revoke', { filter }).expect(200);
    expect(again.body).toMatchObject({ matched: 0, results: [] });
  });

  it('takes keys by their ids, and passes over what is no active key of the store', async () => {
    const admin = await calls.admin();
    const [one, two, revoked] = [
      await calls.create(admin),
      await calls.create(admin),
      await calls.create(admin),
    ];
    await calls.call(admin, 'post', `/keys/${revoked.id}/revoke`).expect(200);
    const foreign = await calls.create(await calls.admin());
    const ids = [one.id, revoked.id, foreign.id, 'key_01h455vb4pex5vsknk084sn02q'];
    const { body } = await bulk(admin, 'revoke', { filter: { ids } }).expect(200);
    expect(body.results.map(({ id }) => id)).toEqual([one.id]);
    for (const key of [two, foreign]) expect(await calls.use(key.token)).toBe('ok');
  });

  it('may end the caller too, costs no quota, and is answered again for its Idempotency-Key', async () => {
    const admin = await calls.admin();
    const other = await calls.admin({ storeId: admin.storeId });
    await app.sql('UPDATE organizations SET hour_limit = 1 WHERE id = $1', [
      uuidOf('organization', admin.organizationId),
    ]);
    expect([await calls.use(admin.token), await calls.use(admin.token)]).toEqual(['ok', 'QUOTA_EXCEEDED']);
    const send = (caller: TestKey) =>
      bulk(caller, 'revoke', { filter: { ids: [other.id] } }).set('Idempotency-Key', 'once');
    const first = await send(admin).expect(200);
    const replay = await send(admin).expect(200);
    expect([replay.body, replay.headers['idempotency-replayed']]).toEqual([first.body, 'true']);
    const own = await bulk(admin, 'revoke', { filter: { roleId: 'admin' } }).expect(200);
    expect(own.body.results.map(({ id }) => id)).toEqual([admin.id]);
    expect(await calls.use(admin.token)).toBe('KEY_REVOKED');
  });

  it('touches at most two hundred, the oldest first, and says that there are more', async () => {
    const admin = await calls.admin();
    await app.sql(
      `WITH many AS (
         INSERT INTO keys (id, organization_id, store_id, role_id, name, environment, created_by_type, created_by_id, created_at)
         SELECT gen_random_uuid(), k.organization_id, k.store_id, k.role_id, 'Many ' || n, 'live', 'system', 'test',
           now() - interval '1 day' + make_interval(secs => n)
         FROM keys k, generate_series(1, 201) AS n WHERE k.id = $1 RETURNING id, store_id)
       INSERT INTO key_secrets (id, key_id, store_id, digest, master_id, preview)
       SELECT gen_random_uuid(), id, store_id, decode(md5(id::text), 'hex'), 'test', 'gate_live_Many…many' FROM many`,
      [uuidOf('key', admin.id)],
    );
    const filter = { search: 'Many' };
    const dry = await bulk(admin, 'revoke', { filter, dryRun: true }).expect(200);
    const first = await bulk(admin, 'revoke', { filter }).expect(200);
    for (const { body } of [dry, first]) {
      expect([body.matched, body.more, body.results.length]).toEqual([201, true, 200]);
      expect(body.results.map(({ name }) => name)).toEqual(
        Array.from({ length: 200 }, (_, index) => `Many ${index + 1}`),
      );
    }
    const rest = await bulk(admin, 'revoke', { filter }).expect(200);
    expect(rest.body).toMatchObject({ matched: 1, more: false, results: [{ name: 'Many 201' }] });
  });
});

describe('rotating many keys', () => {
  it('shows each new token once, and lets the old ones work for as long as asked', async () => {
    const admin = await calls.admin();
    const keys = [await calls.create(admin), await calls.create(admin)];
    for (const key of keys) await age(app, key.id, 91);
    const rotate = () =>
      bulk(admin, 'rotate', { filter: { rotationDue: true }, graceSeconds: 600 }).set('Idempotency-Key', 'r');
    const { body } = await rotate().expect(200);
    expect(body.results.map(({ id, outcome }) => [id, outcome])).toEqual(
      keys.map(({ id }) => [id, 'rotated']),
    );
    for (const [index, { token = '', oldSecretEndsAt = '' }] of body.results.entries()) {
      expect([await calls.use(token), await calls.use(keys[index]?.token ?? '')]).toEqual(['ok', 'ok']);
      expect(Math.abs(Date.parse(oldSecretEndsAt) - Date.now() - 600_000)).toBeLessThan(10_000);
    }
    expect(refusalOf(await rotate())).toEqual([409, 'SECRET_ALREADY_SHOWN', { id: admin.storeId }]);
    const kept = await app.sql('SELECT body FROM idempotency_replies WHERE secret_of = $1', [admin.storeId]);
    expect(kept).toEqual([{ body: null }]);
    const nothing = await bulk(admin, 'rotate', { filter: { rotationDue: true } })
      .set('Idempotency-Key', 'none')
      .expect(200);
    expect(nothing.body.results).toEqual([]);
  });

  it('gives the caller its new token too', async () => {
    const admin = await calls.admin();
    const { body } = await bulk(admin, 'rotate', { filter: { ids: [admin.id] } }).expect(200);
    expect([await calls.use(admin.token), await calls.use(body.results[0]?.token ?? '')]).toEqual([
      'KEY_EXPIRED',
      'ok',
    ]);
  });
});

describe('prolonging many keys', () => {
  it('gives a later end, and cuts nothing short', async () => {
    const admin = await calls.admin();
    const [soon, later, never] = [
      await calls.create(admin, { expiresAt: inDays(5) }),
      await calls.create(admin, { expiresAt: inDays(200) }),
      await calls.create(admin),
    ];
    const { body } = await bulk(admin, 'extend', { filter: { search: 'New key' }, expiresIn: '90d' }).expect(
      200,
    );
    expect(body.results.map(({ id, outcome, reason }) => [id, outcome, reason])).toEqual([
      [soon.id, 'extended', undefined],
      [later.id, 'refused', 'ENDS_LATER'],
      [never.id, 'refused', 'ENDS_LATER'],
    ]);
    const end = (await calls.call(admin, 'get', `/keys/${soon.id}`)).body.expiresAt;
    expect(end).toBe(body.results[0]?.expiresAt);
    expect(Math.round((Date.parse(end ?? '') - Date.now()) / 86_400_000)).toBe(90);

    const expiresAt = inDays(300);
    const all = await bulk(admin, 'extend', { filter: { expiringBefore: inDays(400) }, expiresAt }).expect(
      200,
    );
    expect(all.body.results.map((result) => result.expiresAt)).toEqual([expiresAt, expiresAt]);
    const endless = await bulk(admin, 'extend', { filter: { ids: [soon.id] }, expiresIn: 'never' }).expect(
      200,
    );
    expect(endless.body.results[0]).toMatchObject({ outcome: 'extended', expiresAt: null });
    expect((await eventsOf(app, soon.id)).filter(({ type }) => type === 'key.updated')).toHaveLength(3);
  });
});

describe('many keys at once', () => {
  it('are left as they are by a dry run, which answers the same without tokens', async () => {
    const admin = await calls.admin();
    await calls.create(admin, { expiresAt: inDays(5) });
    await calls.create(admin, { expiresAt: inDays(6) });
    const filter = { search: 'New key' };
    const before = await state(admin);
    const bodies = {
      rotate: { filter, graceSeconds: 60 },
      extend: { filter, expiresAt: inDays(60) },
      revoke: { filter },
    };
    for (const what of ['rotate', 'extend', 'revoke'] as const) {
      const dry = await bulk(admin, what, { ...bodies[what], dryRun: true }).set('Idempotency-Key', what);
      expect(dry.status).toBe(200);
      expect(await state(admin)).toEqual(before);
      expect(dry.text).not.toContain('"token"');
      if (what !== 'extend') continue;
      const real = await bulk(admin, what, bodies[what]).expect(200);
      expect({ ...real.body, dryRun: true }).toEqual(dry.body);
      before.splice(0, before.length, ...(await state(admin)));
    }
    const events = await app.sql(
      `SELECT type FROM events WHERE store_id = $1 AND type LIKE 'key.%' AND type <> 'key.created' ORDER BY id`,
      [uuidOf('store', admin.storeId)],
    );
    expect(events).toEqual([{ type: 'key.updated' }, { type: 'key.updated' }]);
  });

  it('are refused one by one where they have more than the caller, but for revoking', async () => {
    const admin = await calls.admin();
    const keysOnly = await app.createKey({
      storeId: admin.storeId,
      roleId: await calls.role(admin.organizationId, { 'settings.keys': 'admin', content: 'read' }),
    });
    const [strong, weak] = [
      await calls.create(admin, { expiresAt: inDays(5) }),
      await calls.create(admin, { permissions: { content: 'read' }, expiresAt: inDays(5) }),
    ];
    const filter = { ids: [strong.id, weak.id] };
    const outcomes = ({ results }: BulkView) => results.map(({ outcome, reason }) => [outcome, reason]);
    const refused = ['refused', 'EXCEEDS_OWN_GRANTS'];
    const extended = await bulk(keysOnly, 'extend', { filter, expiresIn: '90d' }).expect(200);
    expect(outcomes(extended.body)).toEqual([refused, ['extended', undefined]]);
    for (const dryRun of [true, false]) {
      const rotated = await bulk(keysOnly, 'rotate', { filter, dryRun }).expect(200);
      expect(outcomes(rotated.body)).toEqual([refused, ['rotated', undefined]]);
    }
    expect([await calls.use(strong.token), await calls.use(weak.token)]).toEqual(['ok', 'KEY_EXPIRED']);
    const { body } = await calls.call(admin, 'get', `/keys/${strong.id}`);
    expect([body.expiresAt, body.secrets.length]).toEqual([strong.expiresAt, 1]);
    const revoked = await bulk(keysOnly, 'revoke', { filter }).expect(200);
    expect(outcomes(revoked.body)).toEqual([
      ['revoked', undefined],
      ['revoked', undefined],
    ]);
  });

  it('need admin on settings.keys', async () => {
    const admin = await calls.admin();
    const reader = await app.createKey({
      storeId: admin.storeId,
      roleId: await calls.role(admin.organizationId, { 'settings.keys': 'write' }),
    });
    for (const what of ['revoke', 'rotate', 'extend'] as const) {
      const answer = await bulk(reader, what, { filter: { search: 'x' }, expiresIn: '30d' });
      expect(refusalOf(answer).slice(0, 2)).toEqual([403, 'PERMISSION_DENIED']);
    }
  });

  it.each<['revoke' | 'rotate' | 'extend', object, string]>([
    ['revoke', {}, 'filter'],
    ['revoke', { filter: {} }, 'filter'],
    ['revoke', { filter: null }, 'filter'],
    ['revoke', { filter: { ids: [] } }, 'filter.ids'],
    ['revoke', { filter: { ids: ['key_x'] } }, 'filter.ids[0]'],
    ['revoke', { filter: { status: 'revoked' } }, 'filter.status'],
    ['revoke', { filter: { roleId: 'emperor' } }, 'filter.roleId'],
    ['revoke', { filter: { rotationDue: 'true' } }, 'filter.rotationDue'],
    ['revoke', { filter: { search: 'x' }, graceSeconds: 1 }, 'graceSeconds'],
    ['revoke', { filter: { search: 'x' }, dryRun: 'yes' }, 'dryRun'],
    ['rotate', { filter: { search: 'x' }, graceSeconds: 604_801 }, 'graceSeconds'],
    ['extend', { filter: { search: 'x' } }, 'expiresIn'],
    ['extend', { filter: { search: 'x' }, expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    ['extend', { filter: { search: 'x' }, expiresIn: '30d', expiresAt: '2090-01-01T00:00:00Z' }, 'expiresAt'],
  ])('cannot be asked to %s by %j', async (what, body, field) => {
    const admin = await calls.admin();
    const before = await state(admin);
    expect(refusalOf(await bulk(admin, what, body))).toEqual([
      400,
      'INVALID_INPUT',
      expect.objectContaining({ field }),
    ]);
    expect(await state(admin)).toEqual(before);
  });
});
