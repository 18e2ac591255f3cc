import { Injectable, type OnModuleInit } from '@nestjs/common';
import { defineJob, Jobs } from '../../platform/jobs/index.js';
import { Purger } from './purger.js';

/** Purges once a day, in the small hours; what one run does not come to, the next one does. */
@Injectable()
export class PurgeJob implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly purger: Purger,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineJob({
        name: 'audit.purge',
        cron: '20 2 * * *',
        catchUpMinutes: 24 * 60,
        run: async (_payload, { logger, signal }) => {
          for (const { result, ...purge } of await this.purger.purge({ signal })) {
            if (result === 'waiting' || result === 'busy') {
              logger.warn({ ...purge, result }, 'a day of the logs could not be purged');
            } else logger.info({ ...purge, result }, 'a day of the logs is past its retention');
          }
        },
      }),
    );
  }
}
