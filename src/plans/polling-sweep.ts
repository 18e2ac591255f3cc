import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import { defineSweep, Jobs } from '../platform/jobs/index.js';

/** Removes polling marks that no plan's interval reaches any more: the longest is an hour. */
@Injectable()
export class PollingSweep implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineSweep({
        name: 'plans.sweep-polling-marks',
        cron: '20 * * * *',
        deleteBatch: () => this.deleteBatch(),
      }),
    );
  }

  private async deleteBatch(): Promise<number> {
    const [row] = await this.database.query<{ deleted: number }>(
      `WITH old AS (
         SELECT ctid FROM polling_gate
         WHERE at < now() - greatest(interval '2 hours', make_interval(secs => 2 * (
           SELECT coalesce(max(seconds), 0) FROM (
             SELECT poll_seconds AS seconds FROM plans UNION ALL SELECT poll_seconds FROM organizations) AS intervals)))
         LIMIT 5000),
       gone AS (DELETE FROM polling_gate USING old WHERE polling_gate.ctid = old.ctid RETURNING 1)
       SELECT count(*)::integer AS deleted FROM gone`,
    );
    return row?.deleted ?? 0;
  }
}
