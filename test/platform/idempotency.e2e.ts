import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { Calls, refusalOf, uuidOf } from '../keys/key-calls.js';

interface Campaign {
  id: string;
  name: string;
}

let app: TestApp;
let calls: Calls;
let key: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
beforeEach(async () => {
  key = await app.createKey();
});
afterAll(() => app.close());

const post = (idempotencyKey: string, body: object = {}, by: TestKey = key, path = '/campaigns') =>
  calls
    .call<Campaign>(by, 'post', path)
    .set('Idempotency-Key', idempotencyKey)
    .send({ name: 'Once', platform: 'email', ...body });
const made = async () =>
  (
    await app.sql<{ count: number }>('SELECT count(*)::integer FROM campaigns WHERE store_id = $1', [
      uuidOf('store', key.storeId),
    ])
  )[0]?.count;

describe('an Idempotency-Key', () => {
  it('answers the first answer again, and does nothing again', async () => {
    const first = await post('a').expect(201);
    const second = await post('a').expect(201);
    expect(second.body).toEqual(first.body);
    expect([second.headers['location'], second.headers['etag']]).toEqual([
      first.headers['location'],
      first.headers['etag'],
    ]);
    expect([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']]).toEqual([
      undefined,
      'true',
    ]);
    expect(await made()).toBe(1);
    const rows = await app.sql(
      `SELECT replayed, quota_charged FROM request_log WHERE key_id = $1 ORDER BY request_id`,
      [uuidOf('key', key.id)],
    );
    expect(rows).toEqual([
      { replayed: false, quota_charged: 1 },
      { replayed: true, quota_charged: 1 },
    ]);
  });

  it('lets one of those who come at once do it; the others hear so or get its answer', async () => {
    for (let round = 1; round <= 5; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => post(`at once ${round}`.replaceAll(' ', '-'))),
      );
      const created = answers.filter(({ status }) => status === 201);
      const refused = answers.filter(({ status }) => status !== 201);
      expect(created.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
      expect(new Set(created.map(({ body }) => body.id)).size).toBe(1);
      for (const answer of refused) {
        expect([answer.status, answer.body.error.code, answer.headers['retry-after']]).toEqual([
          409,
          'IDEMPOTENCY_IN_FLIGHT',
          '1',
        ]);
      }
      expect(await made()).toBe(round);
    }
  });

  it('is for one payload: another body or another path is 422', async () => {
    await post('a').expect(201);
    expect(refusalOf(await post('a', { name: 'Other' }))).toEqual([422, 'IDEMPOTENCY_MISMATCH', undefined]);
    expect((await post('a', {}, key, `/stores/${key.storeId}/campaigns`)).status).toBe(422);
    expect(await made()).toBe(1);
  });

  it('is kept for a day: what is older runs again', async () => {
    const first = await post('a').expect(201);
    const [kept] = await app.sql<{ hours: number }>(
      'SELECT extract(epoch FROM expires_at - now())::float8 / 3600 AS hours FROM idempotency_replies WHERE principal_id = $1',
      [uuidOf('key', key.id)],
    );
    expect(Math.abs((kept?.hours ?? 0) - 24)).toBeLessThan(0.1);
    await app.sql(
      `UPDATE idempotency_replies SET expires_at = now() - interval '1 millisecond' WHERE principal_id = $1`,
      [uuidOf('key', key.id)],
    );
    const second = await post('a', { name: 'Other' }).expect(201);
    expect(second.headers['idempotency-replayed']).toBeUndefined();
    expect(second.body.id).not.toBe(first.body.id);
    const third = await post('a', { name: 'Other' }).expect(201);
    expect([third.body.id, third.headers['idempotency-replayed']]).toEqual([second.body.id, 'true']);
  });

  it('keeps no failure: the mended request goes through under the same one', async () => {
    expect((await post('a', { platform: 'telegraph' })).status).toBe(400);
    await post('a').expect(201);
    const admin = await calls.admin();
    const role = (name: string, idempotencyKey: string) =>
      calls.call(admin, 'post', '/roles').set('Idempotency-Key', idempotencyKey).send({ name });
    await role('Taken', 'first').expect(201);
    expect((await role('Taken', 'second')).status).toBe(409);
    await role('Free', 'second').expect(201);
  });

  it('is each principal’s own', async () => {
    const other = await app.createKey({ storeId: key.storeId });
    const [first, second] = [await post('a').expect(201), await post('a', {}, other).expect(201)];
    expect(second.headers['idempotency-replayed']).toBeUndefined();
    expect(second.body.id).not.toBe(first.body.id);
    expect(await made()).toBe(2);
  });

  it('is kept as its digest alone', async () => {
    await post('a-callers-own-text').expect(201);
    const rows = await app.sql<{ idempotency_key: string }>(
      'SELECT idempotency_key FROM idempotency_replies WHERE principal_id = $1',
      [uuidOf('key', key.id)],
    );
    expect(rows).toEqual([{ idempotency_key: expect.stringMatching(/^[\w-]{43}$/) }]);
  });

  it('is 1 to 255 printable characters', async () => {
    for (const text of ['a'.repeat(256), 'with space', 'grün']) {
      const answer = await post(Buffer.from(text).toString('latin1'));
      expect(refusalOf(answer)).toEqual([
        400,
        'INVALID_INPUT',
        expect.objectContaining({ field: 'Idempotency-Key' }),
      ]);
    }
    await post('a'.repeat(255)).expect(201);
    expect(await made()).toBe(1);
  });
});
