import { createHistogram } from 'node:perf_hooks';
import type { Measurement } from '../support/report.js';
import type { Limiter } from './limiters/limiter.js';

/** A number of waiters, each of which asks again as soon as it has its verdict. */
export interface ClosedLoop {
  readonly subject: string;
  readonly limiter: Limiter;
  readonly waiters: number;
  /** Each request is of one of so many subjects, by chance. */
  readonly subjects: number;
}

const NANOSECONDS_PER_MS = 1e6;

/** Puts one load on for some seconds. @throws Error where any request is not admitted */
export async function runLoop(loop: ClosedLoop, seconds: number, round: number): Promise<Measurement> {
  const { limiter, waiters, subjects } = loop;
  limiter.reset?.();
  // of a fixed size, however many calls it counts
  const latency = createHistogram({ figures: 3 });
  const start = performance.now();
  const end = start + seconds * 1000;
  const waiter = async () => {
    for (let now = performance.now(); now < end;) {
      await limiter.admit(Math.floor(Math.random() * subjects));
      const answered = performance.now();
      latency.record(Math.max(1, Math.round((answered - now) * NANOSECONDS_PER_MS)));
      now = answered;
    }
  };
  await Promise.all(Array.from({ length: waiters }, waiter));
  return {
    subject: loop.subject,
    round,
    requestsPerSecond: (latency.count / (performance.now() - start)) * 1000,
    p50Ms: latency.percentile(50) / NANOSECONDS_PER_MS,
    p99Ms: latency.percentile(99) / NANOSECONDS_PER_MS,
  };
}
