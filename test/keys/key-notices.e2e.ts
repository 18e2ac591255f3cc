import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { Calls, uuidOf } from './key-calls.js';
import { age, eventsOf, runJob } from './key-life.js';

let app: TestApp;
let calls: Calls;
let admin: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
afterAll(() => app.close());

const notices = () => runJob(app, 'keys.notices');

/** A key whose end was set long ago. */
async function oldKey(endsIn?: string): Promise<string> {
  admin = await calls.admin();
  const { id } = await calls.create(admin, { expiresAt: '2090-01-01T00:00:00Z' });
  await age(app, id, 100);
  if (endsIn !== undefined) await setEnd(id, endsIn);
  return id;
}

/** As if time had passed: the end comes nearer, and when it was set stays. */
const setEnd = (id: string, endsIn: string) =>
  app.sql('UPDATE keys SET expires_at = now() + $2::interval WHERE id = $1', [uuidOf('key', id), endsIn]);

/** The days of a key's notices; 0 is its end. */
async function told(id: string): Promise<unknown[]> {
  const events = await eventsOf(app, id);
  return events.flatMap(({ type, data }) => {
    if (type === 'key.expiring') return [data['daysLeft']];
    return type === 'key.expired' ? [0] : [];
  });
}

describe('the coming end of a key', () => {
  it('is told 30, 7 and 1 days before, and when it has come: each once', async () => {
    const id = await oldKey('31 days');
    const seen: unknown[] = [];
    for (const endsIn of ['31 days', '29 days', '8 days', '6 days', '2 days', '23 hours', '-1 second']) {
      // notices are kept for the end they told of: the same end comes nearer
      await setEnd(id, endsIn);
      await app.sql('UPDATE key_notices n SET expires_at = k.expires_at FROM keys k WHERE k.id = n.key_id');
      await notices();
      await notices();
      seen.push(await told(id));
    }
    expect(seen).toEqual([[], [30], [30], [30, 7], [30, 7], [30, 7, 1], [30, 7, 1, 0]]);
    const events = (await eventsOf(app, id)).filter(({ type }) => type === 'key.expiring');
    expect(events[0]).toEqual({
      type: 'key.expiring',
      request_id: null,
      data: {
        id,
        name: 'New key',
        storeId: admin.storeId,
        environment: 'live',
        preview: expect.stringContaining('…'),
        daysLeft: 30,
        expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    });
  });

  it.each([
    ['12 hours', [1]],
    ['5 days', [7]],
    ['-3 days', [0]],
  ])('is told once, most urgently, where nobody looked until %s before', async (endsIn, days) => {
    const id = await oldKey(endsIn);
    await notices();
    await notices();
    expect(await told(id)).toEqual(days);
  });

  it('is not told where its time had passed when the end was set', async () => {
    admin = await calls.admin();
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const [whole, short] = [
      await calls.create(admin, { expiresIn: '30d' }),
      await calls.create(admin, { expiresAt: inDays(3) }),
    ];
    await notices();
    expect([await told(whole.id), await told(short.id)]).toEqual([[], []]);
    await setEnd(short.id, '-1 second');
    await notices();
    expect(await told(short.id)).toEqual([0]);

    const id = await oldKey();
    await calls
      .call(admin, 'patch', `/keys/${id}`)
      .send({ expiresAt: inDays(6) })
      .expect(200);
    await notices();
    expect(await told(id)).toEqual([]);
  });

  it('begins anew with another end', async () => {
    const id = await oldKey('5 days');
    await notices();
    await calls.call(admin, 'patch', `/keys/${id}`).send({ expiresIn: '90d' }).expect(200);
    await notices();
    expect(await told(id)).toEqual([7]);
    await age(app, id, 100);
    await setEnd(id, '4 days');
    await notices();
    expect(await told(id)).toEqual([7, 7]);
  });

  it('is nobody’s business where the key is revoked or has no end', async () => {
    const revoked = await oldKey('5 days');
    await calls.call(admin, 'post', `/keys/${revoked}/revoke`).expect(200);
    const endless = await calls.create(admin);
    await age(app, endless.id, 100);
    await notices();
    expect([await told(revoked), await told(endless.id)]).toEqual([[], []]);
  });

  it('is told once where several processes look at the same moment', async () => {
    const others = await Promise.all([1, 2].map(() => startTestApp({ database: app.database })));
    try {
      admin = await calls.admin();
      await app.sql('UPDATE organizations SET active_keys_per_store = 1000 WHERE id = $1', [
        uuidOf('organization', admin.organizationId),
      ]);
      await app.sql(
        `INSERT INTO keys (id, organization_id, store_id, role_id, name, environment, created_by_type, created_by_id,
           created_at, expires_at)
         SELECT gen_random_uuid(), k.organization_id, k.store_id, k.role_id, 'Many', 'live', 'system', 'test',
           now() - interval '100 days', now() + interval '5 days'
         FROM keys k, generate_series(1, 450) WHERE k.id = $1`,
        [uuidOf('key', admin.id)],
      );
      await Promise.all([app, ...others].map((one) => runJob(one, 'keys.notices')));
      await notices();
      const [row] = await app.sql(
        `SELECT count(*)::integer AS events, count(DISTINCT subject_id)::integer AS keys
         FROM events WHERE type = 'key.expiring' AND data->>'name' = 'Many'`,
      );
      expect(row).toEqual({ events: 450, keys: 450 });
    } finally {
      await Promise.all(others.map((other) => other.close()));
    }
  });
});
