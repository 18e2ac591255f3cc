import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config/index.js';
import { Database, type Transaction } from '../platform/database/index.js';
import type { Level } from '../platform/http/index.js';
import { defineSweep, Jobs } from '../platform/jobs/index.js';

export interface KeyUsageToday {
  readonly keyId: string;
  /** Requests since midnight UTC, by the database's clock. */
  readonly requests: number;
  /** Those charged to the quota. */
  readonly charged: number;
}

/** What some keys (UUIDs) have used today; keys that made no request are absent. */
export function usageToday(tx: Transaction, keyIds: readonly string[]): Promise<KeyUsageToday[]> {
  return tx.query<KeyUsageToday[]>(
    `SELECT key_id AS "keyId", sum(requests)::integer AS "requests", sum(charged)::integer AS "charged"
     FROM key_usage WHERE key_id = ANY ($1) AND hour >= date_trunc('day', gate_clock(), 'UTC')
     GROUP BY key_id`,
    [keyIds],
  );
}

export interface LevelUse {
  readonly resource: string;
  readonly level: Level;
  /** To the hour. */
  readonly lastUsedAt: Date;
}

/** Every level that a key (UUID) was let in by, and when last. Kept as long as the logs. */
export function levelUses(tx: Transaction, keyId: string): Promise<LevelUse[]> {
  return tx.query<LevelUse[]>(
    `SELECT resource, level, max(last_used_at) AS "lastUsedAt"
     FROM key_levels WHERE key_id = $1 GROUP BY resource, level ORDER BY resource, level`,
    [keyId],
  );
}

/** Forgets figures of use that are older than the request log. */
@Injectable()
export class KeyUsageSweep implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    @Inject(CONFIG) private readonly config: Pick<Config, 'auditRetentionDays'>,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineSweep({
        name: 'audit.sweep-key-usage',
        cron: '40 1 * * *',
        deleteBatch: async () => {
          const [row] = await this.database.query<{ deleted: number }>(
            'SELECT audit_sweep_use($1) AS deleted',
            [this.config.auditRetentionDays],
          );
          return row?.deleted ?? 0;
        },
      }),
    );
  }
}
