import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, makePartitions } from '../platform/database/index.js';
import { defineJob, Jobs } from '../platform/jobs/index.js';

/** Days after today for which a partition is kept ready: two weeks of outage of the keeper do no harm. */
const DAYS_AHEAD = 16;

/**
 * Keeps the request log's daily partitions ready: at boot, once a day, and whenever a row finds none. Yesterday's
 * too, for rows that were finished after midnight or written by a clock that is behind.
 */
@Injectable()
export class PartitionKeeper implements OnModuleInit {
  private underway: Promise<number> | undefined;

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineJob({
        name: 'audit.partitions',
        cron: '10 0 * * *',
        run: async (_payload, { logger }) => {
          logger.info({ made: await this.ensure() }, 'partitions of the request log are ready');
        },
      }),
    );
  }

  /**
   * Makes the partitions that are missing, by the database's clock, and answers how many that were. Safe to call
   * from anywhere at any time; calls at the same time share one look.
   * @throws whatever the database throws, also when it had to wait too long for readers of the log
   */
  ensure(): Promise<number> {
    this.underway ??= this.make().finally(() => {
      this.underway = undefined;
    });
    return this.underway;
  }

  private make(): Promise<number> {
    return makePartitions(
      this.database,
      `audit_ensure_partitions((now() AT TIME ZONE 'UTC')::date - 1, $1)`,
      [DAYS_AHEAD + 2],
    );
  }
}
