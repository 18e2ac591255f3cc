import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, Database } from '../platform/database/index.js';
import { defineSweep, Jobs } from '../platform/jobs/index.js';

const SWEEPER: Actor = { type: 'system', id: 'jobs.sweep' };
const KEPT_DAYS = 30;
const BATCH = 500;

/** Removes jobs that ended a month ago, with all that is kept of them. */
@Injectable()
export class JobSweep implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineSweep({ name: SWEEPER.id, cron: '35 * * * *', deleteBatch: () => this.deleteBatch() }),
    );
  }

  /** @returns how many were removed */
  deleteBatch(): Promise<number> {
    return this.database.write({ actor: SWEEPER, reason: 'expired' }, async (tx) => {
      const [, deleted] = await tx.query<[unknown, number]>(
        `DELETE FROM jobs WHERE id IN (
           SELECT id FROM jobs WHERE finished_at < clock_timestamp() - make_interval(days => $1)
           ORDER BY finished_at LIMIT $2)`,
        [KEPT_DAYS, BATCH],
      );
      return deleted;
    });
  }
}
