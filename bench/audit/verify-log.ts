import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleLines, hashedLinesOf, verifyHashed } from '../../src/audit/index.js';
import type { Database } from '../../src/platform/database/index.js';
import type { Measurement } from '../support/report.js';

const run = promisify(execFile);

export const OFFLINE = 'rows verified offline';
export const SCRIPT = 'rows verified by the script';
export const BUNDLED = 'rows written to a bundle';

/** Writes the log to a bundle, once, and verifies that by both verifiers in turn. @throws where either finds anything */
export async function verifyLog(database: Database, rounds: number): Promise<Measurement[]> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const bundle = join(directory, 'log.ndjson');
  const measurements: Measurement[] = [];
  try {
    const writing = performance.now();
    await writeBundle(database, bundle);
    const writtenMs = performance.now() - writing;
    for (let round = 1; round <= rounds; round++) {
      const begun = performance.now();
      const report = await verifyHashed(hashedLinesOf(createReadStream(bundle, { highWaterMark: 1 << 20 })));
      const verified = performance.now();
      await run(process.execPath, ['tools/verify-audit.mjs', bundle]);
      const ended = performance.now();
      if (!report.intact) throw new Error('The log is not intact.');
      const of = (subject: string, ms: number): Measurement => ({
        ...{ subject, round, requestsPerSecond: (report.rows / ms) * 1000, p50Ms: ms, p99Ms: ms },
      });
      if (round === 1) measurements.push(of(BUNDLED, writtenMs));
      measurements.push(of(OFFLINE, verified - begun), of(SCRIPT, ended - verified));
    }
    return measurements;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function writeBundle(database: Database, path: string): Promise<void> {
  const file = createWriteStream(path);
  for await (const lines of bundleLines(database)) {
    if (!file.write(`${lines.join('\n')}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}
