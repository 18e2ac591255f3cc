import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
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

  /** Makes those that are missing. @returns how many; whatever the database throws, also behind a long reader */
  ensure(): Promise<number> {
    return this.database.dataSource.transaction(async (tx) => {
      // A new partition locks all events for a moment, and whoever sends some waits behind it.
      await tx.query(`SET LOCAL lock_timeout = '2s'`);
      const [row] = await tx.query<{ made: number }[]>(
        `SELECT analytics_ensure_partitions((now() AT TIME ZONE 'UTC')::date, $1) AS made`,
        [MONTHS_AHEAD + 1],
      );
      return row?.made ?? 0;
    });
  }
}
