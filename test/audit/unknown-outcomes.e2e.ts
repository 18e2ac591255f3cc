import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestLog } from '../../src/audit/index.js';
import { UnknownOutcomes } from '../../src/audit/leader/unknown-outcomes.js';
import { toPublicId } from '../../src/platform/ids/index.js';
import { until } from '../faults/until.js';
import { call, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { uuidAt, uuidOf } from './log-rows.js';
import { sealAll } from './seal-all.js';

let app: TestApp;
let key: TestKey;
beforeAll(async () => {
  app = await startTestApp();
  key = await app.createKey({ role: 'admin' });
});
afterAll(() => app.close());

const connection = { query: <Row>(text: string, values: readonly unknown[] = []) => ask<Row>(text, values) };
const ask = <Row>(text: string, values: readonly unknown[]) =>
  app.sql(text, [...values]) as unknown as Promise<Row[]>;

/** Waits for nothing but the seal. */
const atOnce = () => new UnknownOutcomes(app.get(RequestLog), 0);
const seal = () => sealAll(app);

const create = (name: string) =>
  call(app.url, '/api/v1/campaigns', { method: 'POST', token: key.token, body: { name, platform: 'email' } });

/** A change of a request whose row never came. @returns the request's UUID */
async function orphan(changes = 1): Promise<string> {
  const id = uuidAt(Date.now());
  for (let times = 0; times < changes; times += 1) {
    await app.sql(
      `INSERT INTO change_log (transaction_id, actor_type, actor_id, action, entity, organization_id, store_id, request_id)
       VALUES (pg_current_xact_id(), 'key', $1, 'update', 'campaign', $2, $3, $4)`,
      [uuidOf('key', key.id), uuidOf('organization', key.organizationId), uuidOf('store', key.storeId), id],
    );
  }
  await seal();
  return id;
}

const rowsOf = (id: string) => app.sql('SELECT * FROM request_log WHERE request_id = $1', [id]);
const unknown = () => app.sql(`SELECT FROM request_log WHERE outcome = 'unknown'`);

describe('a change whose request has no row', () => {
  it('gets one row, with what the change tells of the request', async () => {
    const id = await orphan(2);
    expect(await atOnce().write(connection)).toBe(1);
    expect(await rowsOf(id)).toEqual([
      expect.objectContaining({
        outcome: 'unknown',
        reason: 'row_never_came',
        method: 'UNKNOWN',
        status: 0,
        answered: null,
        key_id: uuidOf('key', key.id),
        member_id: null,
        organization_id: uuidOf('organization', key.organizationId),
        store_id: uuidOf('store', key.storeId),
        leaf: expect.any(Buffer) as unknown,
      }),
    ]);
    const path = `/api/v1/audit/requests/${toPublicId('request', id)}`;
    const found = json(await call(app.url, path, { token: key.token }));
    expect(found).toMatchObject({
      outcome: 'unknown',
      changes: [{ action: 'update' }, { action: 'update' }],
    });
  });

  it('gets none a second time, not even where the leader begins anew', async () => {
    const id = await orphan();
    expect(await atOnce().write(connection)).toBe(1);
    expect(await atOnce().write(connection)).toBe(0);
    await app.sql('UPDATE audit_outcomes_checked SET batch_no = 0');
    expect(await atOnce().write(connection)).toBe(0);
    expect(await rowsOf(id)).toHaveLength(1);
  });

  it('is waited for', async () => {
    const id = await orphan();
    const patient = new UnknownOutcomes(app.get(RequestLog), 60_000);
    expect(await patient.write(connection)).toBe(0);
    expect(await rowsOf(id)).toEqual([]);
    expect(await atOnce().write(connection)).toBe(1);
  });
});

describe('a change whose request has a row', () => {
  it('gets no other, whatever it did', async () => {
    const before = (await unknown()).length;
    expect((await create('Has a row')).status).toBe(201);
    await app.sql(`UPDATE stores SET name = 'By hand, by no request'`);
    await seal();
    expect(await atOnce().write(connection)).toBe(0);
    expect(await unknown()).toHaveLength(before);
  });

  it('gets none while the lane still holds that row, nor once it came', async () => {
    const before = (await unknown()).length;
    const outcomes = new UnknownOutcomes(app.get(RequestLog), 1_000);
    await app.sql('ALTER FUNCTION audit_count_use RENAME TO audit_count_use_away');
    const waiting = create('Late');
    await until('the log is known to fail', async () => (await call(app.url, '/readyz')).status === 503);
    await seal();
    await until('the change has waited long enough', async () => {
      const [row] = await app.sql<{ old: boolean }>(
        `SELECT max(committed_at) < clock_timestamp() - interval '1.1 s' AS old FROM audit_batches WHERE writer = 0`,
      );
      return row?.old === true;
    });
    expect(await outcomes.write(connection)).toBe(0);
    await app.sql('ALTER FUNCTION audit_count_use_away RENAME TO audit_count_use');
    const id = uuidOf('request', (await waiting).headers['x-request-id'] as string);
    await until('its row is there', async () => (await rowsOf(id)).length > 0);
    expect(await atOnce().write(connection)).toBe(0);
    expect(await unknown()).toHaveLength(before);
  });
});
