import { AuditLeader } from '../../src/audit/index.js';
import { until } from '../faults/until.js';
import type { TestApp } from '../support/test-app.js';

const PATIENCE_MS = 60_000;

/**
 * A round that seals all changes that there are. Transaction ids are PostgreSQL's, not the database's: a transaction
 * that another test has open holds sealing up, as it should, and is waited for.
 */
export async function sealAll(app: TestApp): Promise<Awaited<ReturnType<AuditLeader['round']>>> {
  await until(
    'no older transaction is under way',
    async () => {
      const [row] = await app.sql<{ free: boolean }>(
        `SELECT NOT EXISTS (SELECT FROM change_seals WHERE batch_no IS NULL
           AND transaction_id >= pg_snapshot_xmin(pg_current_snapshot())
           AND transaction_id < pg_snapshot_xmax(pg_current_snapshot())) AS free`,
      );
      return row?.free === true;
    },
    PATIENCE_MS,
  );
  return app.get(AuditLeader).round();
}
