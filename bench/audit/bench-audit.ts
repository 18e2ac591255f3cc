import { createDataSource } from '../../ormconfig.js';
import { SigningKeys } from '../../src/audit/evidence/signing-keys.js';
import { LogLane } from '../../src/audit/log-lane.js';
import { MasterSecrets } from '../../src/platform/crypto/index.js';
import { clientConfig, Database } from '../../src/platform/database/index.js';
import type { BenchOptions } from '../main.js';
import { benchDatabase } from '../support/database.js';
import { mediansOf, type Measurement, printReport, type Report } from '../support/report.js';
import { generateLog } from './generate-log.js';
import { loadLane } from './load-lane.js';
import { rowMaker } from './rows.js';
import { GOAL_MS, searchLog } from './search-log.js';
import { OFFLINE, verifyLog } from './verify-log.js';
import { withoutSearchIndexes } from './search-indexes.js';

const KEYS = 200;
const INTAKE = 'one lane, evidence included, 4,000 waiters';
const BARE_INTAKE = 'the same without the indexes of searches';
const WAITERS = 4_000;

/**
 * The request log's intake: leaves, tree, header, signature and commit, every row waited for; what the indexes of
 * searches cost it; verifying what was written; and first and later pages of searches over many rows.
 */
export async function benchAudit({ rounds, seconds, rows }: BenchOptions): Promise<Report> {
  const connection = await benchDatabase();
  const dataSource = await createDataSource(connection.url, 'pool', 2).initialize();
  const owner = await createDataSource(connection.ownerUrl, 'migration', 1).initialize();
  await owner.query(`SELECT audit_ensure_partitions((now() AT TIME ZONE 'UTC')::date - 1, 4)`);
  const database = new Database(dataSource);
  const lane = new LogLane(clientConfig(connection.url, 'request-log'), {
    onCommit: () => undefined,
    onFailure: (error) => console.error(error),
    signingKeys: new SigningKeys(database, new MasterSecrets('a master secret for benchmarks alone')),
    ensurePartitions: () => Promise.resolve(),
  });
  const makeRow = rowMaker(KEYS);
  try {
    const measurements: Measurement[] = [];
    await loadLane(lane, makeRow, { waiters: WAITERS, seconds: Math.min(seconds, 2) });
    for (let round = 1; round <= rounds; round++) {
      const load = () => loadLane(lane, makeRow, { waiters: WAITERS, seconds });
      measurements.push({ subject: INTAKE, round, ...(await load()) });
      const bare = await withoutSearchIndexes(owner, load);
      measurements.push({ subject: BARE_INTAKE, round, ...bare });
    }
    const verified = await verifyLog(database, rounds);
    await owner.query('TRUNCATE request_log');
    const searches = await searchLog(database, await generateLog(owner, rows), rounds);
    const report: Report = {
      benchmark: 'audit',
      measurements: [...measurements, ...verified, ...searches],
      ratios: [
        {
          name: 'intake with the indexes of searches / without',
          value:
            mediansOf(measurements, INTAKE).requestsPerSecond /
            mediansOf(measurements, BARE_INTAKE).requestsPerSecond,
          goal: 0.9,
        },
      ],
      absolutes: [
        ...[...new Set(searches.map(({ subject }) => subject))].map((subject) => ({
          name: `ms, ${subject}, of ${rows} rows`,
          value: mediansOf(searches, subject).p50Ms,
          goal: GOAL_MS,
          bound: 'at most' as const,
        })),
        {
          name: 'rows/s of one lane',
          value: mediansOf(measurements, INTAKE).requestsPerSecond,
          goal: 20_000,
        },
        {
          name: `${OFFLINE}/s`,
          value: mediansOf(verified, OFFLINE).requestsPerSecond,
          goal: 200_000,
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
