import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/platform/database/index.js';
import { Events, EventSequencer } from '../../src/platform/events/index.js';
import { fromPublicId, newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { SecretBox } from '../../src/platform/crypto/index.js';
import { DeliveryJobs } from '../../src/webhooks/delivery/delivery-jobs.js';
import { secretPlace } from '../../src/webhooks/endpoints/endpoint.entity.js';
import { until } from '../faults/until.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { type Receiver, startReceiver, verified } from './receiver.js';
import { type EndpointOptions, type EndpointRow, makeEndpoint } from './webhook-rows.js';

const ACTOR = { type: 'system', id: 'test' } as const;
const PATIENCE_MS = 20_000;

let app: TestApp;
let key: TestKey;
const receivers: Receiver[] = [];
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true, environment: { WEBHOOK_ALLOW_PRIVATE: 'true' } });
});
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
  await app.sql(`DELETE FROM webhook_endpoints`);
});
afterAll(() => app.close());

interface DeliveryRow {
  readonly status: string;
  readonly attempts: number;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly wait: number | null;
}

async function receiver(): Promise<Receiver> {
  const started = await startReceiver();
  receivers.push(started);
  return started;
}

async function endpoint(options: EndpointOptions): Promise<EndpointRow> {
  key = await app.createKey();
  return makeEndpoint(app, key, { types: ['webhook.test'], ...options });
}

/** Something happens to campaigns of the organization, and is numbered. @returns the events' public ids */
async function happens(...subjects: readonly string[]): Promise<void> {
  for (const subjectId of subjects) {
    await app.get(Database).write({ actor: ACTOR }, (tx) =>
      app.get(Events).emit(tx, {
        type: 'webhook.test',
        organizationId: fromPublicId('organization', key.organizationId) ?? null,
        storeId: null,
        subjectId,
        data: { message: 'It happened.' },
      }),
    );
  }
  await app.get(EventSequencer).round();
}

const deliveries = ({ id }: EndpointRow) =>
  app.sql<DeliveryRow>(
    `SELECT status, attempts, last_status, last_error,
       extract(epoch FROM next_attempt_at - now())::float8 AS wait
     FROM webhook_deliveries WHERE endpoint_id = $1 ORDER BY sequence, id`,
    [id],
  );

/** Waits until every delivery has left that state. */
async function settled(of: EndpointRow, count: number, tried = 1): Promise<DeliveryRow[]> {
  await until(
    'the deliveries were tried',
    async () => {
      const rows = await deliveries(of);
      return (
        rows.length >= count &&
        rows.every(({ status, attempts }) => status !== 'pending' || attempts >= tried)
      );
    },
    PATIENCE_MS,
  );
  return deliveries(of);
}

/** The time until the next attempt is over. */
async function timePasses({ id }: EndpointRow): Promise<void> {
  await app.sql(
    `UPDATE webhook_deliveries SET next_attempt_at = now(), locked_until = NULL WHERE endpoint_id = $1 AND status = 'pending'`,
    [id],
  );
  await app.sql('UPDATE webhook_endpoint_health SET open_until = NULL WHERE endpoint_id = $1', [id]);
  await app.get(Database).write({ actor: ACTOR }, (tx) => app.get(DeliveryJobs).wake(tx, [id]));
}

describe('an event', () => {
  it('is posted to whoever asked for it, signed by Standard Webhooks, in the words of GET /events', async () => {
    const hooks = await receiver();
    const to = await endpoint({ url: hooks.url });
    await happens('cmp_1');
    expect(await settled(to, 1)).toMatchObject([{ status: 'delivered', attempts: 1, last_status: 204 }]);
    const [received] = hooks.received;
    expect(received?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': received?.payload.id,
    });
    if (received) expect(verified(received, to.secret)).toEqual(received.payload);
    const reader = await app.createKey({ role: 'admin', storeId: key.storeId });
    const answer = await app.request
      .get(`/api/v1/events/${received?.payload.id}`)
      .set('Authorization', `Bearer ${reader.token}`)
      .expect(200);
    expect(received?.payload).toEqual(answer.body);
    const attempts = await app.sql('SELECT no, status, error, response_body FROM webhook_attempts');
    expect(attempts).toEqual([{ no: 1, status: 204, error: null, response_body: '' }]);
  });

  it('is signed with both secrets while they are rotated, and with no ended one', async () => {
    const hooks = await receiver();
    const to = await endpoint({ url: hooks.url });
    const [next, ended] = [Buffer.alloc(32, 7), Buffer.alloc(32, 9)];
    for (const [secret, endsAt] of [
      [next, null],
      [ended, new Date(0)],
    ] as const) {
      const id = newUuid();
      await app.sql(
        'INSERT INTO webhook_secrets (id, endpoint_id, sealed, ends_at) VALUES ($1, $2, $3, $4)',
        [...[id, to.id, app.get(SecretBox).seal(secret, secretPlace(id)), endsAt]],
      );
    }
    await happens('cmp_1');
    await settled(to, 1);
    const [received] = hooks.received;
    if (!received) throw new Error('Nothing came.');
    expect(verified(received, to.secret)).toEqual(verified(received, next));
    expect(() => verified(received, ended)).toThrow();
  });

  it('is tried again as the schedule says, with the same id, until it has arrived', async () => {
    const hooks = await receiver();
    const to = await endpoint({ url: hooks.url });
    hooks.answers((_message, response) => response.writeHead(500).end('out of\u0007order'));
    await happens('cmp_1');
    const [failed] = await settled(to, 1);
    expect(failed).toMatchObject({
      ...{ status: 'pending', attempts: 1, last_status: 500, last_error: 'The receiver answered 500.' },
    });
    expect([Number(failed?.wait) > 2, Number(failed?.wait) < 6]).toEqual([true, true]);
    await timePasses(to);
    const [again] = await settled(to, 1, 2);
    expect([Number(again?.wait) > 260, Number(again?.wait) < 331]).toEqual([true, true]);
    hooks.answers((_message, response) => response.writeHead(200).end('ok'));
    await timePasses(to);
    expect(await settled(to, 1, 3)).toMatchObject([{ status: 'delivered', attempts: 3 }]);
    expect(new Set(hooks.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const attempts = await app.sql('SELECT no, status, response_body FROM webhook_attempts ORDER BY no');
    expect(attempts).toEqual([
      { no: 1, status: 500, response_body: 'out of\ufffdorder' },
      { no: 2, status: 500, response_body: 'out of\ufffdorder' },
      { no: 3, status: 200, response_body: 'ok' },
    ]);
    const [health] = await app.sql('SELECT * FROM webhook_endpoint_health WHERE endpoint_id = $1', [to.id]);
    expect(health).toMatchObject({ failing_since: null, consecutive_failures: 0, open_until: null });
  });

  it('waits as long as the receiver asks', async () => {
    const hooks = await receiver();
    const to = await endpoint({ url: hooks.url });
    hooks.answers((_message, response) => response.writeHead(503, { 'Retry-After': '7200' }).end());
    await happens('cmp_1');
    const [delivery] = await settled(to, 1);
    expect([Number(delivery?.wait) > 7_190, Number(delivery?.wait) <= 7_200]).toEqual([true, true]);
  });

  it('is given up after three days', async () => {
    const hooks = await receiver();
    const to = await endpoint({ url: hooks.url });
    hooks.answers((_message, response) => response.writeHead(500).end());
    await happens('cmp_1');
    await settled(to, 1);
    await app.sql(`UPDATE webhook_deliveries SET created_at = now() - interval '72 hours', attempts = 10`);
    await timePasses(to);
    expect(await settled(to, 1, 11)).toMatchObject([{ status: 'failed', attempts: 11, wait: null }]);
  });

  it('goes where no redirect leads, and to no private address', async () => {
    const hooks = await receiver();
    const to = await endpoint({ url: hooks.url });
    hooks.answers((_message, response) => response.writeHead(307, { Location: `${hooks.url}/other` }).end());
    await happens('cmp_1');
    expect(await settled(to, 1)).toMatchObject([{ last_error: 'A redirect (307) is not followed.' }]);
    expect(hooks.received).toHaveLength(1);
    const strict = await startTestApp({ database: app.database, runsJobs: true });
    try {
      // A name that somebody lets point here is refused when it is connected to; so is a bare address.
      await app.sql('UPDATE webhook_endpoints SET url = $2 WHERE id = $1', [to.id, 'https://127.0.0.1/']);
      await strict.sql('UPDATE webhook_deliveries SET next_attempt_at = now()');
      await happens('cmp_2');
      const rows = await settled(to, 2);
      expect(rows.at(-1)?.last_error).toMatch(/not a public one|connection failed/);
    } finally {
      await strict.close();
    }
  });
});

describe('a receiver', () => {
  it('that says it is gone gets nothing more; somebody is told', async () => {
    const hooks = await receiver();
    const to = await endpoint({ url: hooks.url });
    const other = await receiver();
    const witness = await makeEndpoint(app, key, { url: other.url, types: ['webhook.disabled'] });
    hooks.answers((_message, response) => response.writeHead(410).end());
    await happens('cmp_1');
    await until(
      'it is disabled',
      async () => (await app.sql('SELECT FROM webhook_endpoints WHERE NOT enabled')).length === 1,
      PATIENCE_MS,
    );
    expect(await deliveries(to)).toMatchObject([{ status: 'failed', last_status: 410 }]);
    await happens('cmp_2');
    expect(await deliveries(to)).toHaveLength(1);
    await settled(witness, 1);
    expect(other.received.map(({ payload }) => payload)).toMatchObject([
      { type: 'webhook.disabled', subjectId: toPublicId('webhook', to.id), data: { reason: 'gone' } },
    ]);
  });

  it('that fails for five days gets nothing more, and what waits for it is cancelled', async () => {
    const hooks = await receiver();
    const to = await endpoint({ url: hooks.url });
    hooks.answers((_message, response) => response.writeHead(500).end());
    await happens('cmp_1', 'cmp_2');
    await settled(to, 2);
    await app.sql(`UPDATE webhook_endpoint_health SET failing_since = now() - interval '119 hours'`);
    await timePasses(to);
    await settled(to, 2, 2);
    expect(await app.sql('SELECT enabled FROM webhook_endpoints')).toEqual([{ enabled: true }]);
    await app.sql(`UPDATE webhook_endpoint_health SET failing_since = now() - interval '120 hours'`);
    await timePasses(to);
    await until(
      'both are cancelled',
      async () => (await deliveries(to)).every(({ status }) => status === 'cancelled'),
      PATIENCE_MS,
    );
    expect(await app.sql('SELECT enabled, disabled_reason FROM webhook_endpoints')).toEqual([
      { enabled: false, disabled_reason: 'failing' },
    ]);
  });

  it('that fails again and again is left alone for a while', async () => {
    const hooks = await receiver();
    const to = await endpoint({ url: hooks.url });
    hooks.answers((_message, response) => response.writeHead(500).end());
    await happens('cmp_1', 'cmp_2', 'cmp_3', 'cmp_4', 'cmp_5', 'cmp_6', 'cmp_7');
    await settled(to, 7);
    const [health] = await app.sql<{ failures: number; open: number }>(
      `SELECT consecutive_failures AS failures, extract(epoch FROM open_until - last_failure_at)::float8 AS open
       FROM webhook_endpoint_health WHERE endpoint_id = $1`,
      [to.id],
    );
    expect(health?.failures).toBe(7);
    expect(health?.open).toBeCloseTo(20, 0);
    const before = hooks.received.length;
    await app.sql(`UPDATE webhook_deliveries SET next_attempt_at = now()`);
    await app.get(Database).write({ actor: ACTOR }, (tx) => app.get(DeliveryJobs).wake(tx, [to.id]));
    const [jobs] = await app.sql<{ at: Date }>(
      `SELECT open_until AS at FROM webhook_endpoint_health WHERE endpoint_id = $1`,
      [to.id],
    );
    await until(
      'the next run is when it is asked again',
      async () => {
        const [next] = await app.sql<{ at: Date }>(
          `SELECT run_at AS at FROM graphile_worker.jobs WHERE key = 'webhooks.deliver/next/${to.id}'`,
        );
        return next?.at.getTime() === jobs?.at.getTime();
      },
      PATIENCE_MS,
    );
    expect(hooks.received).toHaveLength(before);
  });

  it('that hangs keeps nobody waiting but itself', async () => {
    const hanging = await receiver();
    const hooks = await receiver();
    hanging.answers(() => undefined);
    const slow = await endpoint({ url: hanging.url });
    const quick = await makeEndpoint(app, key, { url: hooks.url, types: ['webhook.test'] });
    await happens(...Array.from({ length: 20 }, (_, index) => `cmp_${index}`));
    await settled(quick, 20);
    expect(hooks.received).toHaveLength(20);
    expect(
      (await deliveries(slow)).every(({ status, attempts }) => status === 'pending' && attempts === 0),
    ).toBe(true);
    // No more at once than one endpoint may have; and nobody asks again before there can be room.
    expect(hanging.received).toHaveLength(8);
    await app.get(Database).write({ actor: ACTOR }, (tx) => app.get(DeliveryJobs).wake(tx, [slow.id]));
    await until(
      'the next look is when the first lease ends',
      async () => {
        const [next] = await app.sql<{ ok: boolean }>(
          `SELECT j.run_at = (SELECT min(locked_until) FROM webhook_deliveries WHERE endpoint_id = $1) AS ok
           FROM graphile_worker.jobs j WHERE j.key = $2`,
          [slow.id, `webhooks.deliver/next/${slow.id}`],
        );
        return next?.ok === true;
      },
      PATIENCE_MS,
    );
  });

  it('in strict order gets the events of one object one after the other, and others beside them', async () => {
    const hooks = await receiver();
    const to = await endpoint({ url: hooks.url, ordered: true });
    let refused = 0;
    hooks.answers(({ payload }, response) => {
      const refuse = payload.subjectId === 'cmp_a' && refused++ === 0;
      response.writeHead(refuse ? 500 : 204).end();
    });
    await happens('cmp_a', 'cmp_a', 'cmp_b', 'cmp_a');
    await until(
      'the first attempts are made',
      async () => (await deliveries(to)).filter(({ attempts }) => attempts > 0).length === 2,
      PATIENCE_MS,
    );
    expect(hooks.received.map(({ payload }) => payload.subjectId).sort()).toEqual(['cmp_a', 'cmp_b']);
    await timePasses(to);
    await until(
      'all have arrived',
      async () => (await deliveries(to)).every(({ status }) => status === 'delivered'),
      PATIENCE_MS,
    );
    const ofA = hooks.received.filter(({ payload }) => payload.subjectId === 'cmp_a');
    expect(ofA.map(({ payload }) => payload.sequence)).toEqual(
      [0, 0, 1, 2].map((later) => (ofA[0]?.payload.sequence ?? 0) + (later === 2 ? 3 : later)),
    );
  });
});

describe('a process that is gone', () => {
  it('leaves what it had claimed to others, when its lease has ended', async () => {
    const hooks = await receiver();
    const to = await endpoint({ url: hooks.url, enabled: false });
    await app.sql('UPDATE webhook_endpoints SET enabled = true, disabled_reason = NULL');
    const [lease] = await app.sql<{ id: string }>(
      `INSERT INTO webhook_deliveries (id, endpoint_id, organization_id, event_id, event_type, subject_id, sequence,
         payload, status, next_attempt_at, locked_until)
       SELECT gen_random_uuid(), id, organization_id, gen_random_uuid(), 'webhook.test', 'cmp_1', 0,
         '{"id": "evt_1"}', 'pending', now(), now() + interval '60 s' FROM webhook_endpoints WHERE id = $1 RETURNING id`,
      [to.id],
    );
    const wake = () =>
      app.get(Database).write({ actor: ACTOR }, (tx) => app.get(DeliveryJobs).wake(tx, [to.id]));
    await wake();
    await until(
      'the next run is when the lease ends',
      async () =>
        (await app.sql(`SELECT FROM graphile_worker.jobs WHERE key = 'webhooks.deliver/next/${to.id}'`))
          .length === 1,
      PATIENCE_MS,
    );
    expect(hooks.received).toEqual([]);
    await app.sql(`UPDATE webhook_deliveries SET locked_until = now() WHERE id = $1`, [lease?.id]);
    await wake();
    expect(await settled(to, 1)).toMatchObject([{ status: 'delivered', attempts: 1 }]);
  });
});
