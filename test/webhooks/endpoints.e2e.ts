import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventSequencer } from '../../src/platform/events/index.js';
import { fromPublicId, newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { until } from '../faults/until.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { type Receiver, startReceiver, verified } from './receiver.js';
import { makeEndpoint } from './webhook-rows.js';

interface Webhook {
  readonly id: string;
  readonly secret: string;
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  readonly oldSecretEndsAt: string;
}
interface Delivery {
  readonly id: string;
  readonly status: string;
  readonly eventId: string;
  readonly replayOf: string | null;
  readonly attemptLog: { readonly status: number; readonly responseBody: string }[];
}

const PATH = '/api/v1/webhooks';
const PATIENCE_MS = 20_000;

let app: TestApp;
let admin: TestKey;
let reader: TestKey;
let stranger: TestKey;
let hooks: Receiver;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true, environment: { WEBHOOK_ALLOW_PRIVATE: 'true' } });
  admin = await app.createKey({ role: 'admin' });
  const made = await post(admin, '/api/v1/roles', {
    name: 'Reader',
    grants: { 'settings.webhooks': 'read' },
  }).expect(201);
  reader = await app.createKey({
    storeId: admin.storeId,
    roleId: fromPublicId('role', (made.body as { id: string }).id) ?? '',
  });
  stranger = await app.createKey({ role: 'admin' });
  hooks = await startReceiver();
});
afterAll(async () => {
  await hooks.close();
  await app.close();
});

const bearer = ({ token }: TestKey) => `Bearer ${token}`;
const get = (as: TestKey, path: string) => app.request.get(path).set('Authorization', bearer(as));
const post = (as: TestKey, path: string, body: object = {}) =>
  app.request.post(path).set('Authorization', bearer(as)).send(body);
const patch = (as: TestKey, path: string, body: object) =>
  app.request.patch(path).set('Authorization', bearer(as)).send(body);

async function created(values: object = {}, as = admin): Promise<Webhook> {
  const answer = await post(as, PATH, { url: hooks.url, eventTypes: ['campaign.*'], ...values });
  expect([answer.status, JSON.stringify(answer.body).slice(0, 300)]).toEqual([201, expect.any(String)]);
  return answer.body as Webhook;
}
const secretOf = ({ secret }: Webhook) => Buffer.from(secret.replace('whsec_', ''), 'base64');

async function campaign(as = admin): Promise<void> {
  await post(as, '/api/v1/campaigns', { name: 'Spring sale', platform: 'email' }).expect(201);
  await app.get(EventSequencer).round();
}

/** Waits until all deliveries of an endpoint have ended. */
async function ended({ id }: Webhook, count: number): Promise<Delivery[]> {
  const list = async () => ((await get(admin, `${PATH}/${id}/deliveries`)).body as { data: Delivery[] }).data;
  await until(
    'the deliveries have ended',
    async () => {
      const data = await list();
      return data.length >= count && data.every(({ status }) => status !== 'pending');
    },
    PATIENCE_MS,
  );
  return list();
}

describe('an endpoint', () => {
  it('is made with a secret that is shown once, and gets what it asked for from then on', async () => {
    await campaign();
    const webhook = await created({ description: 'The shop', eventTypes: ['campaign.created', 'key.*'] });
    expect(webhook).toMatchObject({
      ...{
        url: hooks.url,
        description: 'The shop',
        eventTypes: ['campaign.created', 'key.*'],
        storeIds: null,
      },
      ...{
        ordered: false,
        enabled: true,
        disabledReason: null,
        secret: expect.stringMatching(/^whsec_/) as unknown,
      },
      health: { failingSince: null, consecutiveFailures: 0, pausedUntil: null },
    });
    const read = await get(reader, `${PATH}/${webhook.id}`).expect(200);
    expect(JSON.stringify(read.body)).not.toContain(webhook.secret);
    expect(read.body).not.toHaveProperty('secret');
    await campaign();
    const [delivery, ...others] = await ended(webhook, 1);
    expect(others).toEqual([]);
    const received = hooks.received.at(-1);
    expect(received?.payload).toMatchObject({ id: delivery?.eventId, type: 'campaign.created' });
    if (received) expect(verified(received, secretOf(webhook))).toEqual(received.payload);
    const list = await get(reader, PATH).expect(200);
    expect(JSON.stringify(list.body)).not.toContain('whsec_');
  });

  it('shows no secret again for an Idempotency-Key, and none to the logs', async () => {
    const send = () =>
      post(admin, PATH, { url: hooks.url, eventTypes: ['*'] }).set('Idempotency-Key', 'once-and-again');
    const { secret, id } = (await send().expect(201)).body as Webhook;
    const again = await send().expect(409);
    expect(again.body).toMatchObject({ error: { code: 'SECRET_ALREADY_SHOWN', details: { id } } });
    const bytes = Buffer.from(secret.slice(6), 'base64');
    for (const table of ['change_log', 'request_log', 'webhook_secrets', 'events', 'idempotency_replies']) {
      const rows = await app.sql<{ row: string }>(`SELECT t::text AS row FROM ${table} t`);
      const text = rows.map(({ row }) => row).join('\n');
      expect([table, text.includes(secret), text.includes(bytes.toString('hex'))]).toEqual([
        table,
        false,
        false,
      ]);
    }
    await app.request.delete(`${PATH}/${id}`).set('Authorization', bearer(admin)).expect(204);
  });

  it.each([
    [{ url: 'http://example.com/' }, 'url', /https/],
    [{ url: 'ftp://example.com/' }, 'url', /https/],
    [{ url: 'nowhere' }, 'url', /URL/],
    [{ url: 'https://me:secret@example.com/' }, 'url', /user or password/],
    [{ url: 'https://example.com/#part' }, 'url', /fragment/],
    [{ url: 'https://169.254.169.254/latest' }, 'url', /public/],
    [{ url: 'https://[fd00::1]/' }, 'url', /public/],
    [{ eventTypes: [] }, 'eventTypes', /at least 1/],
    [{ eventTypes: ['campaign.exploded'] }, 'eventTypes[0]', /no type of event/],
    [{ eventTypes: ['nothing.*'] }, 'eventTypes[0]', /no type of event/],
    [{ eventTypes: ['cam*'] }, 'eventTypes[0]', /must be a type/],
    [{ storeIds: [toPublicId('store', newUuid())] }, 'storeIds[0]', /no store/],
    [{ storeIds: ['sto_x'] }, 'storeIds[0]', /must be the id/],
  ])('is refused for %j', async (values, field, reason) => {
    const body = { url: 'https://example.com/', eventTypes: ['*'], ...values };
    const answer = await post(admin, PATH, body).expect(400);
    expect(answer.body).toMatchObject({
      error: { code: 'INVALID_INPUT', details: { field, reason: expect.stringMatching(reason) as unknown } },
    });
  });

  it('of stores hears of these alone', async () => {
    const webhook = await created({ storeIds: [admin.storeId], eventTypes: ['*'] });
    await campaign();
    await post(admin, '/api/v1/roles', { name: `Role ${Date.now()}`, grants: {} }).expect(201);
    await app.get(EventSequencer).round();
    const types = (await ended(webhook, 1)).map(
      (delivery) => (delivery as unknown as { eventType: string }).eventType,
    );
    expect(types).toEqual(['campaign.created']);
    const answer = await patch(admin, `${PATH}/${webhook.id}`, { storeIds: null }).expect(200);
    expect(answer.body).toMatchObject({ storeIds: null });
  });

  it('is changed by whoever has the version they saw; how it does changes no version', async () => {
    const webhook = await created();
    const path = `${PATH}/${webhook.id}`;
    const etag = String((await get(admin, path)).headers['etag']);
    await campaign();
    await ended(webhook, 1);
    expect((await get(admin, path)).headers['etag']).toBe(etag);
    await patch(admin, path, { description: 'Mine' }).set('If-Match', etag).expect(200);
    await patch(admin, path, { description: 'Too late' }).set('If-Match', etag).expect(412);
    await patch(reader, path, { description: 'No' }).expect(403);
    await patch(stranger, path, { description: 'No' }).expect(404);
    for (const place of [path, `${path}/deliveries`]) await get(stranger, place).expect(404);
    await post(stranger, `${path}/test`).expect(404);
    await post(reader, `${path}/test`).expect(403);
  });

  it('that is disabled gets nothing; what waited is cancelled, and comes by a replay', async () => {
    const webhook = await created();
    const path = `${PATH}/${webhook.id}`;
    hooks.answers((_message, response) => response.writeHead(500).end('busy'));
    await campaign();
    const waiting = async () =>
      ((await get(admin, `${path}/deliveries`)).body as { data: Delivery[] }).data[0];
    await until('it was tried', async () => (await waiting())?.status === 'pending', PATIENCE_MS);
    await until(
      'the first try is recorded',
      async () => ((await waiting()) as unknown as { attempts: number }).attempts > 0,
      PATIENCE_MS,
    );
    const off = await patch(admin, path, { enabled: false }).expect(200);
    expect(off.body).toMatchObject({ enabled: false, disabledReason: 'by_hand' });
    expect(await waiting()).toMatchObject({ status: 'cancelled' });
    await campaign();
    const from = '2026-01-01';
    for (const call of [post(admin, `${path}/replay`, { from }), post(admin, `${path}/test`)]) {
      expect((await call.expect(409)).body).toMatchObject({
        error: { details: { disabledReason: 'by_hand' } },
      });
    }
    hooks.answers((_message, response) => response.writeHead(204).end());
    const on = await patch(admin, path, { enabled: true }).expect(200);
    expect(on.body).toMatchObject({ enabled: true, health: { failingSince: null, consecutiveFailures: 0 } });
    const replay = await post(admin, `${path}/replay`, { from }).expect(202);
    expect(replay.body).toEqual({ replayed: 1, hasMore: false, next: null });
    const [again, first] = await ended(webhook, 2);
    expect(again).toMatchObject({ status: 'delivered', replayOf: first?.id, eventId: first?.eventId });
    const nothing = await post(admin, `${path}/replay`, { from }).expect(202);
    expect(nothing.body).toMatchObject({ replayed: 0 });
  });

  it('gets a new secret, and is signed for with both for a day', async () => {
    const webhook = await created();
    const path = `${PATH}/${webhook.id}`;
    const rotated = (await post(admin, `${path}/rotate`).expect(200)).body as Webhook;
    expect(rotated.secret).not.toBe(webhook.secret);
    const ends = Date.parse(rotated.oldSecretEndsAt) - Date.now();
    expect(Math.abs(ends - 86_400_000)).toBeLessThan(60_000);
    await post(admin, `${path}/test`).expect(202);
    await ended(webhook, 1);
    const received = hooks.received.at(-1);
    if (!received) throw new Error('Nothing came.');
    for (const one of [webhook, rotated]) expect(verified(received, secretOf(one))).toEqual(received.payload);
    const third = (await post(admin, `${path}/rotate`).expect(200)).body as Webhook;
    await post(admin, `${path}/test`).expect(202);
    await ended(webhook, 2);
    const last = hooks.received.at(-1);
    if (!last) throw new Error('Nothing came.');
    for (const one of [rotated, third]) expect(verified(last, secretOf(one))).toEqual(last.payload);
    expect(() => verified(last, secretOf(webhook))).toThrow();
  });

  it('is tried with a test, which nobody else gets', async () => {
    const webhook = await created();
    const other = await created({ eventTypes: ['*'] });
    const asked = await post(admin, `${PATH}/${webhook.id}/test`).expect(202);
    const delivery = asked.body as Delivery;
    expect(asked.headers['location']).toBe(`${PATH}/${webhook.id}/deliveries/${delivery.id}`);
    await ended(webhook, 1);
    expect(hooks.received.at(-1)?.payload).toMatchObject({
      ...{ id: delivery.eventId, type: 'webhook.test', sequence: 0, subjectId: webhook.id },
    });
    const detail = (await get(admin, String(asked.headers['location'])).expect(200)).body as Delivery;
    expect(detail).toMatchObject({ status: 'delivered', attemptLog: [{ no: 1, status: 204, error: null }] });
    expect((await get(admin, `${PATH}/${other.id}/deliveries`)).body).toMatchObject({ data: [] });
  });

  it('is one of twenty at most', async () => {
    const owner = await app.createKey({ role: 'admin' });
    for (let made = 0; made < 19; made += 1) await makeEndpoint(app, owner);
    const answers = await Promise.all(
      [1, 2].map(() => post(owner, PATH, { url: hooks.url, eventTypes: ['*'] })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });
});

describe('the delivery log', () => {
  it('is found by status, type and time, page by page', async () => {
    const webhook = await created();
    for (let times = 0; times < 3; times += 1) await campaign();
    await post(admin, `${PATH}/${webhook.id}/test`).expect(202);
    await ended(webhook, 4);
    const path = `${PATH}/${webhook.id}/deliveries`;
    const found = async (query: string) =>
      ((await get(reader, `${path}?${query}`).expect(200)).body as { data: Delivery[] }).data.length;
    expect([await found('status=delivered'), await found('status=failed')]).toEqual([4, 0]);
    expect([await found('eventType=webhook.test'), await found('eventType=campaign.created')]).toEqual([
      1, 3,
    ]);
    expect([await found('from=2099-01-01'), await found('to=2020-01-01'), await found('limit=3')]).toEqual([
      0, 0, 3,
    ]);
    for (const wrong of ['status=lost', 'eventType=Nothing!', 'sortBy=url', 'subject=x']) {
      await get(reader, `${path}?${wrong}`).expect(400);
    }
  });

  it('replays one, and all of a time, each with the id it had', async () => {
    const webhook = await created();
    await campaign();
    await campaign();
    const [, first] = await ended(webhook, 2);
    const path = `${PATH}/${webhook.id}`;
    const one = await post(admin, `${path}/deliveries/${first?.id}/replay`).expect(202);
    expect(one.body).toMatchObject({ status: 'pending', replayOf: first?.id, eventId: first?.eventId });
    await ended(webhook, 3);
    const from = new Date(Date.now() - 3_600_000).toISOString();
    expect((await post(admin, `${path}/replay`, { from }).expect(202)).body).toMatchObject({ replayed: 0 });
    const all = await post(admin, `${path}/replay`, { from, which: 'all' }).expect(202);
    expect(all.body).toMatchObject({ replayed: 2 });
    const deliveries = await ended(webhook, 5);
    expect(new Set(deliveries.map(({ eventId }) => eventId)).size).toBe(2);
    await post(admin, `${path}/deliveries/${toPublicId('webhookDelivery', newUuid())}/replay`).expect(404);
    await post(admin, `${path}/replay`, {}).expect(400);
  });

  it('goes with its endpoint', async () => {
    const webhook = await created();
    await campaign();
    await ended(webhook, 1);
    await app.request.delete(`${PATH}/${webhook.id}`).set('Authorization', bearer(admin)).expect(204);
    await get(admin, `${PATH}/${webhook.id}/deliveries`).expect(404);
    const left = await app.sql('SELECT FROM webhook_deliveries WHERE endpoint_id = $1', [
      fromPublicId('webhook', webhook.id),
    ]);
    expect(left).toEqual([]);
  });
});
