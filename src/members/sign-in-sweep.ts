import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import { defineSweep, Jobs } from '../platform/jobs/index.js';
import { LockOut } from './lock-out/lock-out.js';

/** Deletes failures that count no more, and links that have ended. */
@Injectable()
export class SignInSweep implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly lockOut: LockOut,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineSweep({
        name: 'members.sweep-sign-in-failures',
        cron: '23 * * * *',
        deleteBatch: () => this.lockOut.deleteOld(),
      }),
    );
    this.jobs.register(
      defineSweep({
        name: 'members.sweep-password-resets',
        cron: '26 * * * *',
        deleteBatch: () => this.deleteEndedLinks(),
      }),
    );
  }

  private async deleteEndedLinks(): Promise<number> {
    const [row] = await this.database.query<{ deleted: number }>(
      `WITH old AS (
         SELECT member_id FROM password_resets WHERE expires_at < gate_clock() LIMIT 2000 FOR UPDATE SKIP LOCKED),
       gone AS (DELETE FROM password_resets p USING old WHERE p.member_id = old.member_id RETURNING 1)
       SELECT count(*)::integer AS deleted FROM gone`,
    );
    return row?.deleted ?? 0;
  }
}
