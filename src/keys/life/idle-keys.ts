import { Injectable, type OnModuleInit } from '@nestjs/common';
import { In } from 'typeorm';
import { type Actor, Database, type Transaction } from '../../platform/database/index.js';
import { defineJob, Jobs } from '../../platform/jobs/index.js';
import { daysAgoSql, KEY_STATUS_SQL, unusedSinceSql } from '../key-sql.js';
import { Key } from '../key.entity.js';
import { KeysService } from '../keys.service.js';

const ACTOR: Actor = { type: 'system', id: 'idle-keys' };
const REASON = 'unused';

/** Keys looked at in one transaction. */
const BATCH = 100;

/**
 * Revokes the keys that an organization has not used for as many days as it allows; off unless it says how many.
 * Counted from a key's last use, its newest secret or its creation, whichever is latest. Suspended organizations'
 * keys are left alone: nobody could have used them.
 */
@Injectable()
export class IdleKeys implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly keys: KeysService,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineJob({
        name: 'keys.revoke-idle',
        cron: '23 * * * *',
        run: async (_payload, { signal, logger }) => {
          let revoked = 0;
          let ids = await this.idleAfter(null);
          while (ids.length > 0) {
            revoked += await this.revokeIdle(ids);
            // The next tick goes on where this one stopped.
            if (signal.aborted) break;
            ids = await this.idleAfter(ids.at(-1) ?? null);
          }
          logger.debug({ revoked }, 'idle keys revoked');
        },
      }),
    );
  }

  private async idleAfter(id: string | null): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `${IDLE} AND ($1::uuid IS NULL OR k.id > $1) ORDER BY k.id LIMIT ${BATCH}`,
      [id],
    );
    return rows.map((row) => row.id);
  }

  /** What was found is looked at again on locked rows: a key used meanwhile stays. */
  private revokeIdle(ids: readonly string[]): Promise<number> {
    return this.database.write({ actor: ACTOR, reason: REASON }, async (tx) => {
      const idle = await stillIdle(tx, ids);
      for (const key of idle) await this.keys.revoke(tx, key, REASON);
      return idle.length;
    });
  }
}

async function stillIdle(tx: Transaction, ids: readonly string[]): Promise<Key[]> {
  const locked = await tx.find(Key, {
    where: { id: In([...ids]) },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
  });
  // A statement of its own: it sees what was committed until the locks were there.
  const rows = await tx.query<{ id: string }[]>(`${IDLE} AND k.id = ANY ($1)`, [locked.map(({ id }) => id)]);
  const idle = new Set(rows.map(({ id }) => id));
  return locked.filter(({ id }) => idle.has(id));
}

const IDLE = `
SELECT k.id FROM keys k JOIN organizations o ON o.id = k.organization_id
WHERE o.idle_key_days IS NOT NULL AND o.status = 'active' AND ${KEY_STATUS_SQL} = 'active'
  AND ${unusedSinceSql(daysAgoSql('o.idle_key_days'))}`;
