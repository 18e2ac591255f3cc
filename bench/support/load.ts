import autocannon from 'autocannon';
import type { Measurement } from './report.js';

/** One URL under load from a number of keep-alive connections. */
export interface Load {
  readonly subject: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly connections: number;
}

/** Puts one load on for some seconds. @throws Error where any answer is not 2xx */
export async function measure(load: Load, seconds: number, round: number): Promise<Measurement> {
  const result = await autocannon({
    url: load.url,
    headers: load.headers,
    connections: load.connections,
    duration: seconds,
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${load.subject}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`);
  }
  return {
    subject: load.subject,
    round,
    requestsPerSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}
