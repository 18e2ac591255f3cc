import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchAnalytics } from './analytics/bench-analytics.js';
import { benchAudit } from './audit/bench-audit.js';
import { benchEvents } from './events/bench-events.js';
import { benchGate } from './gate/bench-gate.js';
import { benchQuota } from './quota/bench-quota.js';
import { benchWebhooks } from './webhooks/bench-webhooks.js';
import type { Report } from './support/report.js';

/** Every benchmark by its name. Each prints a table and answers its figures. */
const BENCHMARKS: Readonly<Record<string, (options: BenchOptions) => Promise<Report>>> = {
  analytics: benchAnalytics,
  audit: benchAudit,
  events: benchEvents,
  gate: benchGate,
  quota: benchQuota,
  webhooks: benchWebhooks,
};

export interface BenchOptions {
  readonly rounds: number;
  /** Of load, per round and subject. */
  readonly seconds: number;
  /** Of the request log that is searched. */
  readonly rows: number;
  /** Of analytics, that figures are made of. */
  readonly events: number;
}

/** Runs the benchmarks that are asked for, or all. */
export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '5' },
      rows: { type: 'string', default: '20000000' },
      events: { type: 'string', default: '10000000' },
      json: { type: 'string' },
    },
  });
  const options = {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    rows: Number(values.rows),
    events: Number(values.events),
  };
  const reports: Report[] = [];
  for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHMARKS)) {
    const run = BENCHMARKS[name];
    if (!run) throw new Error(`There is no benchmark "${name}": ${Object.keys(BENCHMARKS).join(', ')}.`);
    reports.push(await run(options));
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(reports, null, 2)}\n`);
}
