import pg from 'pg';
import type { BenchOptions } from '../main.js';
import { benchDatabase } from '../support/database.js';
import { type Figure, mediansOf, type Measurement, printReport, type Report } from '../support/report.js';
import { type ClosedLoop, runLoop } from './closed-loop.js';
import { gatehouse } from './limiters/gatehouse.js';
import type { Limiter } from './limiters/limiter.js';
import { nestThrottler } from './limiters/nest-throttler.js';
import { rateLimiterFlexible } from './limiters/rate-limiter-flexible.js';
import { upsert } from './limiters/upsert.js';
import { makeSubjects } from './subjects.js';

const SUBJECTS = 10_000;
/** Connections of those that take one for each request. */
const POOL_SIZE = 16;
const LONGEST_WARM_UP_SECONDS = 2;

const HOT = 'one subject, 64 waiters';
const HOT_AND_CROWDED = 'one subject, 400 waiters';
const SCATTERED = '10,000 subjects, 64 waiters';
const LOADS = [
  { name: HOT, subjects: 1, waiters: 64 },
  { name: HOT_AND_CROWDED, subjects: 1, waiters: 400 },
  { name: SCATTERED, subjects: SUBJECTS, waiters: 64 },
];

/**
 * Strict admission beside one upsert for each request, a library on the same PostgreSQL, and a count in the memory
 * of one process. Every request is admitted; rounds alternate.
 */
export async function benchQuota({ rounds, seconds }: BenchOptions): Promise<Report> {
  const database = await benchDatabase();
  const limiters: Limiter[] = [];
  try {
    const credentials = await makeSubjects(database.ownerUrl, SUBJECTS);
    const pool = (options?: string) => openPool(database.ownerUrl, options);
    limiters.push(gatehouse(database, credentials));
    limiters.push(await upsert('upsert', pool(), credentials));
    limiters.push(await upsert('upsert, commit not awaited', pool('-c synchronous_commit=off'), credentials));
    limiters.push(await rateLimiterFlexible(pool()));
    limiters.push(nestThrottler());

    const loops = limiters.flatMap(loopsOf);
    for (const loop of loops) await runLoop(loop, Math.min(seconds / 4, LONGEST_WARM_UP_SECONDS), 0);
    const measurements: Measurement[] = [];
    for (let round = 1; round <= rounds; round++) {
      for (const loop of loops) measurements.push(await runLoop(loop, seconds, round));
    }
    const report = reportOf(measurements);
    printReport(report);
    return report;
  } finally {
    for (const limiter of limiters) await limiter.close();
    await database.stop();
  }
}

function openPool(connectionString: string, options?: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: POOL_SIZE, options });
  // A statement that fails says so itself. This is an idle connection's end, as the server's stop at last is.
  pool.on('error', () => undefined);
  return pool;
}

function loopsOf(limiter: Limiter): ClosedLoop[] {
  return LOADS.map((load) => ({ ...load, limiter, subject: `${limiter.name}, ${load.name}` }));
}

function reportOf(measurements: readonly Measurement[]): Report {
  const rate = (subject: string) => mediansOf(measurements, subject).requestsPerSecond;
  const beside = (limiter: string, load: string, goal?: number): Figure => ({
    name: `gatehouse to ${limiter}, ${load}`,
    value: rate(`gatehouse, ${load}`) / rate(`${limiter}, ${load}`),
    goal,
  });
  const spread = (load: string): Figure => {
    const { p50Ms, p99Ms } = mediansOf(measurements, `gatehouse, ${load}`);
    return { name: `gatehouse's p99 to its p50, ${load}`, value: p99Ms / p50Ms, goal: 5, bound: 'at most' };
  };
  const perSecond = (load: string): Figure => ({
    name: `gatehouse's admissions/s, ${load}`,
    value: rate(`gatehouse, ${load}`),
    goal: 50_000,
  });
  return {
    benchmark: 'quota',
    measurements,
    ratios: [
      beside('upsert', HOT, 25),
      beside('upsert', HOT_AND_CROWDED, 25),
      beside('upsert', SCATTERED),
      beside('upsert, commit not awaited', HOT),
      beside('rate-limiter-flexible', HOT),
      beside('rate-limiter-flexible', SCATTERED),
      beside('@nestjs/throttler', HOT),
      beside('@nestjs/throttler', SCATTERED),
      spread(HOT),
      spread(SCATTERED),
    ],
    absolutes: [perSecond(HOT), perSecond(HOT_AND_CROWDED)],
  };
}
