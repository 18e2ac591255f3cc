import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/platform/database/index.js';
import { toPublicId } from '../../src/platform/ids/index.js';
import { DeliveryJobs } from '../../src/webhooks/delivery/delivery-jobs.js';
import { EventWriter } from '../events/event-log.js';
import { until } from '../faults/until.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { killAll, type ServerProcess, startServer, startServers } from '../support/processes.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { type Receiver, startReceiver } from '../webhooks/receiver.js';
import { type EndpointRow, makeEndpoint } from '../webhooks/webhook-rows.js';
import { organizationUuid } from './house.js';

/** `npm run test:webhooks` sends ten thousand. */
const EVENTS = Number(process.env['WEBHOOK_EVENTS'] ?? 400);
const WRITERS = 4;
const PROCESSES = 3;
const KILLS = EVENTS < 1_000 ? 3 : 12;
const PATIENCE_MS = 600_000;
const ENVIRONMENT = { WEBHOOK_ALLOW_PRIVATE: 'true' };

let database: TestDatabase;
let app: TestApp;
let key: TestKey;
let servers: ServerProcess[];
let steady: Receiver;
let flaky: Receiver;
let hanging: Receiver;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ database, environment: ENVIRONMENT });
  key = await app.createKey({ role: 'admin' });
  [steady, flaky, hanging] = [await startReceiver(), await startReceiver(), await startReceiver()];
  servers = await startServers(PROCESSES, database, { environment: ENVIRONMENT });
});
afterAll(async () => {
  await killAll(servers);
  for (const receiver of [steady, flaky, hanging]) await receiver.close();
  await app.close();
  await database.drop();
});

/** A number from 0 to 1 that a text decides. */
function chance(text: string): number {
  let hash = 2_166_136_261;
  for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619);
  return (hash >>> 0) / 2 ** 32;
}

const idsOf = ({ received }: Receiver) => new Set(received.map(({ headers }) => headers['webhook-id']));

/** Nobody waits for hours here: what failed is due at once, and what a killed process had is anybody's. */
async function timePasses({ id }: EndpointRow, leasesToo: boolean): Promise<void> {
  await app.sql(
    `UPDATE webhook_deliveries SET next_attempt_at = now(), locked_until = CASE WHEN $2 THEN NULL ELSE locked_until END
     WHERE endpoint_id = $1 AND status = 'pending' AND ($2 OR attempts > 0 AND locked_until IS NULL)`,
    [id, leasesToo],
  );
  await app.sql('UPDATE webhook_endpoint_health SET open_until = NULL WHERE endpoint_id = $1', [id]);
  await app
    .get(Database)
    .write({ actor: { type: 'system', id: 'test' } }, (tx) => app.get(DeliveryJobs).wake(tx, [id]));
}

describe('processes that are killed while they send', () => {
  it('lose nothing, to a receiver that fails at times neither, while another one hangs', async () => {
    const tries = new Map<string, number>();
    flaky.answers(({ payload: { id } }, response) => {
      const no = (tries.get(id) ?? 0) + 1;
      tries.set(id, no);
      response.writeHead(chance(`${id}/${no}`) < 0.3 ? 503 : 204).end();
    });
    hanging.answers(() => undefined);
    const types = ['test.happened'];
    const toSteady = await makeEndpoint(app, key, { url: steady.url, types });
    const toFlaky = await makeEndpoint(app, key, { url: flaky.url, types });
    await makeEndpoint(app, key, { url: hanging.url, types });

    const organization = organizationUuid(key.organizationId);
    const committed = new Map<string | null, string[]>();
    const count = () => committed.get(organization)?.length ?? 0;
    const write = async (no: number) => {
      const writer = await EventWriter.connect(app, committed);
      for (let round = no; count() < EVENTS; round++) {
        for (let emitted = 0; emitted <= round % 7; emitted++) await writer.emit(organization);
        await (round % 11 === 0 ? writer.rollback() : writer.commit());
      }
      await writer.close();
    };
    const killing = async () => {
      for (let at = 1; at <= KILLS; at++) {
        await until('more has arrived', () => idsOf(steady).size >= (EVENTS * at) / (KILLS + 2), PATIENCE_MS);
        await servers.shift()?.kill();
        servers.push(await startServer(database, { environment: ENVIRONMENT }));
      }
    };
    let sending = true;
    const passing = async () => {
      while (sending) {
        await timePasses(toFlaky, false);
        const before = steady.received.length;
        await until(
          'some more came, or a while is over',
          () => !sending || steady.received.length > before + 100,
          1_000,
        ).catch(() => undefined);
      }
    };
    const done = Promise.all([killing(), passing()]);
    await Promise.all(Array.from({ length: WRITERS }, (_, no) => write(no)));
    const all = () => (committed.get(organization) ?? []).map((id) => toPublicId('event', id));
    await until('nearly all have arrived', () => idsOf(steady).size >= (EVENTS * 7) / 8, PATIENCE_MS);
    sending = false;
    await done;
    await until(
      'everything has arrived',
      async () => {
        const arrived = [steady, flaky].map((receiver) => idsOf(receiver).size);
        if (arrived.every((size) => size >= count())) return true;
        await timePasses(toSteady, true);
        await timePasses(toFlaky, true);
        const [left] = await app.sql<{ left: number }>(
          `SELECT count(*)::integer AS left FROM webhook_deliveries WHERE status = 'pending' AND endpoint_id = ANY ($1)`,
          [[toSteady.id, toFlaky.id]],
        );
        const then = steady.received.length + flaky.received.length;
        const next = Math.min(left?.left ?? 0, 200);
        await until(
          'some of it',
          () => steady.received.length + flaky.received.length >= then + next,
          5_000,
        ).catch(() => undefined);
        return false;
      },
      PATIENCE_MS,
    );
    expect([...idsOf(steady)].sort()).toEqual(all().sort());
    const delivered = (to: EndpointRow) =>
      app.sql<{ count: number }>(
        `SELECT count(*)::integer AS count FROM webhook_deliveries WHERE endpoint_id = $1 AND status <> 'failed'`,
        [to.id],
      );
    expect(await delivered(toSteady)).toEqual([{ count: count() }]);
    expect(await delivered(toFlaky)).toEqual([{ count: count() }]);
  }, 900_000);
});
