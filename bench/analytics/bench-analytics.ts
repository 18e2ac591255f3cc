import { createDataSource } from '../../ormconfig.js';
import { AttributionService } from '../../src/analytics/attribution/attribution.service.js';
import { FunnelsService } from '../../src/analytics/funnels/funnels.service.js';
import { Figures } from '../../src/analytics/metrics/figures.js';
import { MetricsService } from '../../src/analytics/metrics/metrics.service.js';
import { ContentNames } from '../../src/content/index.js';
import { Database } from '../../src/platform/database/index.js';
import type { BenchOptions } from '../main.js';
import { benchDatabase } from '../support/database.js';
import { type Figure, mediansOf, type Measurement, printReport, type Report } from '../support/report.js';
import { questionsTo, type Services } from './ask.js';
import { generateEvents, type GeneratedStore } from './generate-events.js';
import { addToSums, takeEvents } from './take-events.js';

const INTAKE = 'intake, batches of 1,000 from 4 senders';
const ROLLING = 'adding to the sums';
/** Of one question in a round. */
const TIMES = 20;

/**
 * How many events are taken a second and added to the sums, and how long the questions of a dashboard take over many
 * events, and over a tenth of them.
 */
export async function benchAnalytics({ rounds, seconds, events }: BenchOptions): Promise<Report> {
  const connection = await benchDatabase();
  const dataSource = await createDataSource(connection.url, 'pool', 6).initialize();
  const owner = await createDataSource(connection.ownerUrl, 'migration', 1).initialize();
  const database = new Database(dataSource);
  const names = new ContentNames(database);
  const metrics = new MetricsService(new Figures(database), names);
  const services: Services = {
    metrics,
    funnels: new FunnelsService(database),
    attribution: new AttributionService(database, metrics, names),
  };
  try {
    const measurements: Measurement[] = [];
    await takeEvents(database, Math.min(seconds, 2));
    await addToSums(database);
    for (let round = 1; round <= rounds; round++) {
      measurements.push(rate(INTAKE, round, await takeEvents(database, seconds)));
      measurements.push(rate(ROLLING, round, await addToSums(database)));
    }
    await owner.query(
      'TRUNCATE analytics_events, analytics_event_ids, analytics_unrolled, analytics_rollups',
    );
    const small = await generateEvents(owner, Math.ceil(events / 10));
    const large = await generateEvents(owner, events);
    for (let round = 1; round <= rounds; round++) {
      for (const store of [small, large]) measurements.push(...(await asked(services, store, round)));
    }
    const questions = Object.entries(questionsTo(services));
    const p95 = (name: string, store: GeneratedStore) =>
      mediansOf(measurements, subjectOf(name, store)).p99Ms;
    const report: Report = {
      benchmark: 'analytics',
      measurements,
      ratios: questions
        .filter(([, { fromSums }]) => fromSums)
        .map(([name]): Figure => ({
          name: `${name}: p95 of ${large.events} / of ${small.events} events`,
          value: p95(name, large) / p95(name, small),
        })),
      absolutes: [
        { name: 'events/s taken', value: mediansOf(measurements, INTAKE).requestsPerSecond },
        { name: 'events/s added to the sums', value: mediansOf(measurements, ROLLING).requestsPerSecond },
        ...questions.map(([name, { goalMs }]): Figure => ({
          name: `p95 ms, ${name}, of ${large.events} events`,
          value: p95(name, large),
          ...(goalMs === undefined ? {} : { goal: goalMs, bound: 'at most' as const }),
        })),
      ],
    };
    printReport(report);
    return report;
  } finally {
    await owner.destroy();
    await dataSource.destroy();
    await connection.stop();
  }
}

const subjectOf = (name: string, { events }: GeneratedStore) => `${name}, of ${events}`;

async function asked(services: Services, store: GeneratedStore, round: number): Promise<Measurement[]> {
  const scope = { storeId: store.storeId, organizationId: '' };
  const measurements: Measurement[] = [];
  for (const [name, { ask }] of Object.entries(questionsTo(services))) {
    await ask(scope);
    const times: number[] = [];
    for (let time = 0; time < TIMES; time++) {
      const begun = performance.now();
      await ask(scope);
      times.push(performance.now() - begun);
    }
    times.sort((a, b) => a - b);
    const p50Ms = times[Math.floor(TIMES / 2)] ?? NaN;
    // Of twenty, the second longest: the 95th percentile, in the column of the longest ones.
    const p95Ms = times[TIMES - 2] ?? NaN;
    measurements.push({
      subject: subjectOf(name, store),
      round,
      requestsPerSecond: 1_000 / p50Ms,
      p50Ms,
      p99Ms: p95Ms,
    });
  }
  return measurements;
}

function rate(subject: string, round: number, perSecond: number): Measurement {
  return { subject, round, requestsPerSecond: perSecond, p50Ms: NaN, p99Ms: NaN };
}
