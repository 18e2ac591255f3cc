import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { type Actor, Database } from '../../platform/database/index.js';
import { defineSweep, Jobs } from '../../platform/jobs/index.js';

const SWEEPER: Actor = { type: 'system', id: 'audit.sweep-verifications' };
const BATCH = 1_000;

/** Removes verifications that are older than the logs they looked at. */
@Injectable()
export class VerificationSweep implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineSweep({ name: SWEEPER.id, cron: '35 3 * * *', deleteBatch: () => this.deleteBatch() }),
    );
  }

  /** @returns how many were removed */
  deleteBatch(): Promise<number> {
    return this.database.write({ actor: SWEEPER, reason: 'expired' }, async (tx) => {
      const [, deleted] = await tx.query<[unknown, number]>(
        `DELETE FROM audit_verifications WHERE id IN (SELECT id FROM audit_verifications
           WHERE created_at < clock_timestamp() - make_interval(days => $1) ORDER BY created_at LIMIT $2)`,
        [this.config.auditRetentionDays, BATCH],
      );
      return deleted;
    });
  }
}
