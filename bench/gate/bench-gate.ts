import type { BenchOptions } from '../main.js';
import { benchDatabase } from '../support/database.js';
import { startChild } from '../support/child.js';
import { type Load, measure } from '../support/load.js';
import { median, type Measurement, printReport, type Report } from '../support/report.js';

const SECRET = 'a master secret for benchmarks alone';

/**
 * The whole gate beside the same handlers on bare Nest and Express: authentication, permission, strict admission
 * and durable audit of every request are what the difference pays for. Rounds alternate.
 */
export async function benchGate({ rounds, seconds }: BenchOptions): Promise<Report> {
  const database = await benchDatabase();
  const environment = {
    DATABASE_URL: database.url,
    DATABASE_MIGRATION_URL: database.ownerUrl,
    GATEHOUSE_SECRET: SECRET,
    GATEHOUSE_DEMO: 'true',
    LOG_LEVEL: 'error',
  };
  const gate = await startChild(new URL('./gate-server.js', import.meta.url), environment);
  const bare = await startChild(new URL('./bare-server.js', import.meta.url), {
    ...environment,
    BENCH_STORE: gate.ready['storeId'] ?? '',
  });
  try {
    const headers = { authorization: `Bearer ${gate.ready['token']}` };
    const loads: Load[] = [];
    for (const [what, path] of [
      ['campaigns', '/campaigns'],
      ['no database', '/ping'],
    ] as const) {
      for (const connections of [1, 64, 256]) {
        loads.push({
          subject: `bare, ${what}, ${connections}`,
          url: `${bare.ready['url']}${path}`,
          headers,
          connections,
        });
        loads.push({
          subject: `gate, ${what}, ${connections}`,
          url: `${gate.ready['url']}${path}`,
          headers,
          connections,
        });
      }
    }
    const measurements: Measurement[] = [];
    for (const load of loads) await measure(load, Math.min(seconds, 3), 0);
    for (let round = 1; round <= rounds; round++) {
      for (const load of loads) measurements.push(await measure(load, seconds, round));
    }
    const ratio = (what: string, connections: number, goal: number) => ({
      name: `${what}, ${connections} connections`,
      value: ratioOf(measurements, `gate, ${what}, ${connections}`, `bare, ${what}, ${connections}`),
      goal,
    });
    const report: Report = {
      benchmark: 'gate',
      measurements,
      ratios: [
        ratio('campaigns', 64, 0.6),
        ratio('campaigns', 256, 0.7),
        ratio('no database', 64, 0.45),
        ratio('no database', 256, 0.45),
      ],
    };
    printReport(report);
    return report;
  } finally {
    await gate.stop();
    await bare.stop();
    await database.stop();
  }
}

function ratioOf(measurements: readonly Measurement[], of: string, to: string): number {
  const rate = (subject: string) =>
    median(measurements.filter((m) => m.subject === subject).map((m) => m.requestsPerSecond));
  return rate(of) / rate(to);
}
