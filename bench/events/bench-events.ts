import pg from 'pg';
import { pino } from 'pino';
import { createDataSource } from '../../ormconfig.js';
import { Database } from '../../src/platform/database/index.js';
import { EventSequencer, EventSubscribers } from '../../src/platform/events/index.js';
import { Metrics } from '../../src/platform/metrics/index.js';
import type { BenchOptions } from '../main.js';
import { benchDatabase } from '../support/database.js';
import { mediansOf, type Measurement, printReport, type Report } from '../support/report.js';
import { AFTER_COMMIT, IN_TRANSACTION, runWriters } from './writers.js';

const WRITERS = 16;
const BACKLOG = 100_000;

/** What numbering costs business transactions of one organization, how late numbers come, how fast a backlog goes. */
export async function benchEvents({ rounds, seconds }: BenchOptions): Promise<Report> {
  const database = await benchDatabase();
  const dataSource = await createDataSource(database.url, 'pool', 2).initialize();
  const pool = new pg.Pool({ connectionString: database.ownerUrl, max: WRITERS });
  pool.on('error', () => undefined);
  const sequencer = new EventSequencer(
    new Database(dataSource),
    new EventSubscribers(),
    pino({ level: 'error' }),
    new Metrics(),
  );
  try {
    await pool.query('CREATE TABLE bench_counters (organization_id uuid PRIMARY KEY, last bigint NOT NULL)');
    sequencer.start();
    const measurements: Measurement[] = [];
    for (let round = 1; round <= rounds; round++) {
      for (const numbering of [AFTER_COMMIT, IN_TRANSACTION]) {
        measurements.push(await runWriters(pool, numbering, { writers: WRITERS, seconds, round }));
        while ((await sequencer.round()).more);
      }
    }
    const rate = (subject: string) => mediansOf(measurements, subject).requestsPerSecond;
    const [lag] = (await pool.query<{ p50: number; p99: number }>(LAG)).rows;
    const report: Report = {
      benchmark: 'events',
      measurements,
      ratios: [
        {
          name: 'events/s, numbered after the commit to in the transaction',
          value: rate(AFTER_COMMIT.name) / rate(IN_TRANSACTION.name),
        },
      ],
      absolutes: [
        { name: 'from writing to number, p50 ms', value: lag?.p50 ?? NaN },
        { name: 'from writing to number, p99 ms', value: lag?.p99 ?? NaN },
        { name: `numbers/s, ${BACKLOG.toLocaleString('en')} waiting`, value: await drain(pool, sequencer) },
      ],
    };
    printReport(report);
    return report;
  } finally {
    await sequencer.beforeApplicationShutdown();
    await dataSource.destroy();
    await pool.end();
    await database.stop();
  }
}

const LAG = `
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p50, percentile_cont(0.99) WITHIN GROUP (ORDER BY ms) AS p99
FROM (SELECT (extract(epoch FROM numbered_at - occurred_at) * 1000)::float8 AS ms FROM events WHERE sequence IS NOT NULL) AS e`;

async function drain(pool: pg.Pool, sequencer: EventSequencer): Promise<number> {
  await sequencer.beforeApplicationShutdown();
  await pool.query(
    `INSERT INTO events (id, type, organization_id, subject_id, data)
     SELECT gen_random_uuid(), 'bench.happened', o.id, 'none', '{"name":"something of some length"}'
     FROM generate_series(1, $1::integer) AS n
     JOIN (SELECT gen_random_uuid() AS id, no FROM generate_series(0, 99) AS no) AS o ON o.no = n % 100`,
    [BACKLOG],
  );
  const start = performance.now();
  while ((await sequencer.round()).more);
  return (BACKLOG / (performance.now() - start)) * 1_000;
}
