import { randomBytes } from 'node:crypto';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { MasterSecrets, SecretBox } from '../../src/platform/crypto/index.js';
import { newUuid, toPublicId } from '../../src/platform/ids/index.js';
import type { BenchOptions } from '../main.js';
import { type Child, startChild } from '../support/child.js';
import { benchDatabase } from '../support/database.js';
import { mediansOf, type Measurement, printReport, type Report } from '../support/report.js';
import { type BenchReceiver, startReceiver } from './receivers.js';

const SECRET = 'a master secret for benchmarks alone';
const EVENTS_PER_SECOND = 50;
const MANY = 20;
const ALONE = `commit to receipt, ${EVENTS_PER_SECOND} events/s`;
const BESIDE = 'the same beside an endpoint that hangs';
const TO_ONE = 'a backlog to one receiver';
const TO_MANY = `a backlog to ${MANY} receivers`;
/** Deliveries of a backlog, for each second of load. */
const BACKLOG_PER_SECOND = 200;

/** How soon an event is with its receiver, alone and beside one that hangs; how fast a backlog goes. */
export async function benchWebhooks({ rounds, seconds }: BenchOptions): Promise<Report> {
  const database = await benchDatabase();
  const pool = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  pool.on('error', () => undefined);
  let server: Child | undefined;
  try {
    server = await startChild(new URL('webhook-server.js', import.meta.url), {
      DATABASE_URL: database.url,
      DATABASE_MIGRATION_URL: database.ownerUrl,
      GATEHOUSE_SECRET: SECRET,
      GATEHOUSE_DEMO: 'false',
      GATEHOUSE_ADMIN_PASSWORD: 'a password for benchmarks',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      LOG_LEVEL: 'fatal',
    });
    const house = new House(pool, server.ready['organizationId'] ?? '');
    const measurements: Measurement[] = [];
    for (let round = 1; round <= rounds; round++) {
      measurements.push({ subject: ALONE, round, ...(await house.latency(seconds, 0)) });
      measurements.push({ subject: BESIDE, round, ...(await house.latency(seconds, 1)) });
      for (const [subject, receivers] of [
        [TO_ONE, 1],
        [TO_MANY, MANY],
      ] as const) {
        const events = Math.ceil((seconds * BACKLOG_PER_SECOND) / receivers);
        measurements.push({ subject, round, ...(await house.backlog(events, receivers)) });
      }
    }
    const report: Report = {
      benchmark: 'webhooks',
      measurements,
      ratios: [
        {
          name: 'p99 beside an endpoint that hangs / alone',
          value: mediansOf(measurements, BESIDE).p99Ms / mediansOf(measurements, ALONE).p99Ms,
        },
      ],
      absolutes: [
        {
          name: 'p99 ms beside an endpoint that hangs',
          value: mediansOf(measurements, BESIDE).p99Ms,
          goal: 2_000,
          bound: 'at most',
        },
        { name: 'deliveries/s to one receiver', value: mediansOf(measurements, TO_ONE).requestsPerSecond },
        {
          name: `deliveries/s to ${MANY} receivers`,
          value: mediansOf(measurements, TO_MANY).requestsPerSecond,
        },
      ],
    };
    printReport(report);
    return report;
  } finally {
    await server?.stop();
    await pool.end();
    await database.stop();
  }
}

type Figures = Omit<Measurement, 'subject' | 'round'>;

/** The organization whose events are sent. */
class House {
  private readonly box = new SecretBox(new MasterSecrets(SECRET));

  constructor(
    private readonly pool: pg.Pool,
    private readonly organizationId: string,
  ) {}

  /** Events at a steady rate. @param hanging how many endpoints beside the measured one never answer */
  async latency(seconds: number, hanging: number): Promise<Figures> {
    const [measured, others] = await this.endpoints(1, hanging);
    const committedAt = new Map<string, number>();
    for (let no = 0; no < seconds * EVENTS_PER_SECOND; no += 1) {
      const begun = performance.now();
      const [id] = await this.emit(1);
      committedAt.set(id ?? '', performance.now());
      await pause(Math.max(0, 1_000 / EVENTS_PER_SECOND - (performance.now() - begun)));
    }
    const [receiver] = measured;
    await allCame(measured, committedAt.size);
    const latency = createHistogram({ figures: 3 });
    for (const [id, came] of receiver?.cameAt ?? []) {
      latency.record(Math.max(1, Math.round((came - (committedAt.get(id) ?? came)) * 1e3)));
    }
    await this.clear([...measured, ...others]);
    return {
      requestsPerSecond: committedAt.size / seconds,
      p50Ms: latency.percentile(50) / 1e3,
      p99Ms: latency.percentile(99) / 1e3,
    };
  }

  /** Events that are there at once. */
  async backlog(events: number, receivers: number): Promise<Figures> {
    const [measured] = await this.endpoints(receivers, 0);
    const start = performance.now();
    await this.emit(events);
    await allCame(measured, events);
    const ms = performance.now() - start;
    await this.clear(measured);
    return { requestsPerSecond: (events * receivers * 1_000) / ms, p50Ms: ms, p99Ms: ms };
  }

  /** @returns their public ids, committed */
  private async emit(count: number): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(
      `INSERT INTO events (id, type, organization_id, subject_id, data)
       SELECT gen_random_uuid(), 'bench.happened', $1, 'none', '{"name":"something of some length"}'
       FROM generate_series(1, $2) RETURNING id`,
      [this.organizationId, count],
    );
    return rows.map(({ id }) => toPublicId('event', id));
  }

  private async endpoints(answering: number, hanging: number): Promise<[BenchReceiver[], BenchReceiver[]]> {
    const started = await Promise.all(
      Array.from({ length: answering + hanging }, (_, no) => startReceiver({ hangs: no >= answering })),
    );
    for (const { url } of started) {
      const [id, secretId] = [newUuid(), newUuid()];
      await this.pool.query(
        `WITH endpoint AS (
           INSERT INTO webhook_endpoints (id, organization_id, url, event_types) VALUES ($1, $2, $3, '{bench.*}')
           RETURNING id
         ), health AS (INSERT INTO webhook_endpoint_health (endpoint_id) SELECT id FROM endpoint)
         INSERT INTO webhook_secrets (id, endpoint_id, sealed) SELECT $4, id, $5 FROM endpoint`,
        [id, this.organizationId, url, secretId, this.box.seal(randomBytes(32), `webhook/${secretId}`)],
      );
    }
    return [started.slice(0, answering), started.slice(answering)];
  }

  private async clear(receivers: readonly BenchReceiver[]): Promise<void> {
    await this.pool.query('DELETE FROM webhook_endpoints');
    for (const receiver of receivers) receiver.close();
  }
}

/** Waits until every receiver has so many events. @throws Error after a minute */
async function allCame(receivers: readonly BenchReceiver[], events: number): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (receivers.some(({ cameAt }) => cameAt.size < events)) {
    if (performance.now() > deadline) throw new Error('Events did not arrive within a minute.');
    await pause(5);
  }
}
