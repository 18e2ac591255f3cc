import { createDataSource } from '../../ormconfig.js';
import { SigningKeys } from '../../src/audit/evidence/signing-keys.js';
import { LogLane } from '../../src/audit/log-lane.js';
import { MasterSecrets } from '../../src/platform/crypto/index.js';
import { clientConfig, Database } from '../../src/platform/database/index.js';
import type { BenchOptions } from '../main.js';
import { benchDatabase } from '../support/database.js';
import { mediansOf, type Measurement, printReport, type Report } from '../support/report.js';
import { loadLane } from './load-lane.js';
import { rowMaker } from './rows.js';

const KEYS = 200;
const INTAKE = 'one lane, evidence included, 4,000 waiters';
const WAITERS = 4_000;

/** The request log's intake: leaves, tree, header, signature and commit, every row waited for. */
export async function benchAudit({ rounds, seconds }: BenchOptions): Promise<Report> {
  const connection = await benchDatabase();
  const dataSource = await createDataSource(connection.url, 'pool', 2).initialize();
  const owner = await createDataSource(connection.ownerUrl, 'migration', 1).initialize();
  await owner.query(`SELECT audit_ensure_partitions((now() AT TIME ZONE 'UTC')::date - 1, 4)`);
  const lane = new LogLane(clientConfig(connection.url, 'request-log'), {
    onCommit: () => undefined,
    onFailure: (error) => console.error(error),
    signingKeys: new SigningKeys(
      new Database(dataSource),
      new MasterSecrets('a master secret for benchmarks alone'),
    ),
    ensurePartitions: () => Promise.resolve(),
  });
  const makeRow = rowMaker(KEYS);
  try {
    const measurements: Measurement[] = [];
    await loadLane(lane, makeRow, { waiters: WAITERS, seconds: Math.min(seconds, 2) });
    for (let round = 1; round <= rounds; round++) {
      const load = await loadLane(lane, makeRow, { waiters: WAITERS, seconds });
      measurements.push({ subject: INTAKE, round, ...load });
    }
    const report: Report = {
      benchmark: 'audit',
      measurements,
      ratios: [],
      absolutes: [
        {
          name: 'rows/s of one lane',
          value: mediansOf(measurements, INTAKE).requestsPerSecond,
          goal: 20_000,
        },
      ],
    };
    printReport(report);
    return report;
  } finally {
    await lane.close();
    await owner.destroy();
    await dataSource.destroy();
    await connection.stop();
  }
}
