import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { Metrics } from '../../platform/metrics/index.js';

/** How far the checkpoints are behind the log. Looked at by every process, so that a leader that is stuck shows. */
@Injectable()
export class LeaderMetrics {
  private readonly leading;
  private readonly lag;
  private readonly unanchored;
  private readonly unsealed;
  private readonly failures;

  constructor(
    private readonly database: Database,
    metrics: Metrics,
  ) {
    this.leading = metrics.gauge('gatehouse_audit_leader', '1 where this process seals the log');
    this.lag = metrics.gauge(
      'gatehouse_audit_checkpoint_lag_seconds',
      'Age of the oldest batch that no checkpoint covers; 0 where all are covered',
    );
    this.unanchored = metrics.gauge(
      'gatehouse_audit_unanchored_batches',
      'Batches of both logs that no checkpoint covers yet',
    );
    this.unsealed = metrics.gauge(
      'gatehouse_audit_change_lag_seconds',
      'Age of the oldest change that is in no batch; 0 where there is none',
    );
    this.failures = metrics.counter(
      'gatehouse_audit_seal_failures_total',
      'Rounds that could not seal the log',
    );
  }

  failed(): void {
    this.failures.inc();
  }

  /** @throws whatever the database throws */
  async look(leads: boolean): Promise<void> {
    const [row] = await this.database.query<{ batches: string; lag: number; changes: number }>(
      `SELECT coalesce(sum(batch_no - anchored_no), 0) AS batches,
         coalesce(extract(epoch FROM clock_timestamp() - min(waiting_since)), 0)::float8 AS lag,
         coalesce((
           SELECT extract(epoch FROM clock_timestamp() - c.at)
           FROM (SELECT change_id FROM change_seals WHERE batch_no IS NULL
                 ORDER BY transaction_id, change_id LIMIT 1) AS open
           JOIN change_log c ON c.id = open.change_id), 0)::float8 AS changes
       FROM audit_heads() WHERE batch_no > anchored_no AND header_hash IS NOT NULL`,
    );
    this.leading.set(leads ? 1 : 0);
    this.unanchored.set(Number(row?.batches ?? 0));
    this.lag.set(row?.lag ?? 0);
    this.unsealed.set(row?.changes ?? 0);
  }
}
