import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, makePartitions } from '../../platform/database/index.js';
import { defineJob, Jobs } from '../../platform/jobs/index.js';

/** Months after this one for which a partition is kept ready. */
const MONTHS_AHEAD = 4;

/** Keeps the events' monthly partitions ready. What finds none is kept as well, only not apart. */
@Injectable()
export class EventPartitions implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineJob({
        name: 'analytics.partitions',
        cron: '20 0 * * *',
        run: async (_payload, { logger }) => {
          logger.info({ made: await this.ensure() }, 'partitions of analytics events are ready');
        },
      }),
    );
  }

  /** Makes those that are missing. @throws what makePartitions throws */
  ensure(): Promise<number> {
    return makePartitions(
      this.database,
      `analytics_ensure_partitions((now() AT TIME ZONE 'UTC')::date, $1)`,
      [MONTHS_AHEAD + 1],
    );
  }
}
