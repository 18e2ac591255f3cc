import { createHistogram } from 'node:perf_hooks';
import pg from 'pg';
import type { Measurement } from '../support/report.js';

const NANOSECONDS_PER_MS = 1e6;

/** What a business transaction does about its event's number. */
export interface Numbering {
  readonly name: string;
  /** Statements of the transaction; $1 is the organization. */
  readonly statements: readonly string[];
}

const EMIT = `INSERT INTO events (id, type, organization_id, subject_id, data)
  VALUES (gen_random_uuid(), 'bench.happened', $1, 'none', '{"name":"something of some length"}')`;
/** A business transaction goes on after its event. */
const WORK = 'SELECT $1::uuid';

export const AFTER_COMMIT: Numbering = { name: 'numbered after the commit', statements: [EMIT, WORK] };

export const IN_TRANSACTION: Numbering = {
  name: 'numbered in the transaction, by a counter',
  statements: [
    `INSERT INTO bench_counters VALUES ($1, 1) ON CONFLICT (organization_id) DO UPDATE SET last = bench_counters.last + 1`,
    EMIT,
    WORK,
  ],
};

/** Writers of one organization, each of which begins anew as soon as it has committed. */
export async function runWriters(
  pool: pg.Pool,
  { name, statements }: Numbering,
  { writers, seconds, round }: { writers: number; seconds: number; round: number },
): Promise<Measurement> {
  const organization = crypto.randomUUID();
  const latency = createHistogram({ figures: 3 });
  const start = performance.now();
  const end = start + seconds * 1_000;
  const write = async () => {
    const client = await pool.connect();
    for (let now = performance.now(); now < end;) {
      await client.query('BEGIN');
      for (const statement of statements) await client.query(statement, [organization]);
      await client.query('COMMIT');
      const committed = performance.now();
      latency.record(Math.max(1, Math.round((committed - now) * NANOSECONDS_PER_MS)));
      now = committed;
    }
    client.release();
  };
  await Promise.all(Array.from({ length: writers }, write));
  return {
    subject: name,
    round,
    requestsPerSecond: (latency.count / (performance.now() - start)) * 1_000,
    p50Ms: latency.percentile(50) / NANOSECONDS_PER_MS,
    p99Ms: latency.percentile(99) / NANOSECONDS_PER_MS,
  };
}
