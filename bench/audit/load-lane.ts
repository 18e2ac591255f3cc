import { createHistogram } from 'node:perf_hooks';
import type { LogLane } from '../../src/audit/log-lane.js';
import type { LogRow } from '../../src/audit/log-row.js';
import type { Measurement } from '../support/report.js';

const NANOSECONDS_PER_MS = 1e6;

/** A number of waiters, each of which has its next row ready as soon as one is durable. @throws where any is not */
export async function loadLane(
  lane: LogLane,
  makeRow: () => LogRow,
  { waiters, seconds }: { waiters: number; seconds: number },
): Promise<Omit<Measurement, 'subject' | 'round'>> {
  const latency = createHistogram({ figures: 3 });
  const start = performance.now();
  const end = start + seconds * 1000;
  const failures: unknown[] = [];
  const next = (done: () => void) => {
    const begun = performance.now();
    if (begun >= end) return done();
    lane.add({
      row: makeRow(),
      usedLevel: true,
      deadline: begun + 5_000,
      mayHaveApplied: false,
      done: (error) => {
        if (error !== undefined) failures.push(error);
        latency.record(Math.max(1, Math.round((performance.now() - begun) * NANOSECONDS_PER_MS)));
        // over a socket the next one comes no earlier either
        setImmediate(next, done);
      },
    });
  };
  await Promise.all(Array.from({ length: waiters }, () => new Promise<void>(next)));
  if (failures.length > 0)
    throw new Error(`${failures.length} rows were not written`, { cause: failures[0] });
  return {
    requestsPerSecond: (latency.count / (performance.now() - start)) * 1000,
    p50Ms: latency.percentile(50) / NANOSECONDS_PER_MS,
    p99Ms: latency.percentile(99) / NANOSECONDS_PER_MS,
  };
}
