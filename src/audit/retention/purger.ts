import { hash } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { Database, sqlState, type Transaction } from '../../platform/database/index.js';
import { SigningKeys } from '../evidence/signing-keys.js';
import { daysOlderThan, type LogDay } from './past-days.js';
import { purgeCanonical, type PurgeRecord } from './purge-record.js';
import { holdsJson, RetentionHold, takeTurnWithPurges } from './retention-hold.js';

const DAY_MS = 86_400_000;

/** What became of a day, or of as much of it as one purge drops. */
export interface DayPurge extends LogDay {
  /**
   * `purged`; `waiting`: rows of it are not sealed, or no checkpoint covers them; `busy`: the log was read for too
   * long; `held`: nothing of it may be dropped.
   */
  readonly result: 'purged' | 'waiting' | 'busy' | 'held';
  /** Rows that were dropped, or would have been. */
  readonly rows: number;
  readonly held: number;
  /** The number of its record; null where there is none. */
  readonly purgeNo: number | null;
}

export interface PurgeOptions {
  /** Tells what would be done, and does nothing. */
  readonly dryRun?: boolean;
  /** Ends the run after the day that is under way. */
  readonly signal?: AbortSignal;
}

interface Plan {
  readonly dropped: string;
  readonly held: string;
  readonly batchesDigest: Buffer;
  readonly isWaiting: boolean;
  readonly hasPartition: boolean;
  readonly lastNo: string;
  readonly lastHash: Buffer;
}

/** Drops what is older than the retention, day by day, each with its signed record in the same transaction. */
@Injectable()
export class Purger {
  constructor(
    private readonly database: Database,
    private readonly signingKeys: SigningKeys,
    @Inject(CONFIG) private readonly config: Config,
    @Optional() private readonly holds?: RetentionHold,
  ) {}

  /** Purges every day that is due, the oldest first. One that has to wait holds up no other. */
  async purge(options: PurgeOptions = {}): Promise<DayPurge[]> {
    const done: DayPurge[] = [];
    for (const day of await daysOlderThan(this.database.manager, this.config.auditRetentionDays)) {
      if (options.signal?.aborted) break;
      done.push(...(await this.purgeDay(day, options)));
    }
    // Where another process was first there is nothing left, and nothing to tell.
    return done.filter(({ result, held }) => result !== 'held' || held > 0);
  }

  /** A day of changes may take several purges: each drops a bounded number of them. */
  private async purgeDay(day: LogDay, { dryRun = false, signal }: PurgeOptions): Promise<DayPurge[]> {
    const done: DayPurge[] = [];
    for (;;) {
      const purged = await this.purgeSome(day, dryRun);
      if (purged.result !== 'held' || done.length === 0) done.push(purged);
      const isLast = dryRun || day.log === 'requests' || purged.result !== 'purged';
      if (isLast || signal?.aborted) return done;
    }
  }

  private async purgeSome(day: LogDay, dryRun: boolean): Promise<DayPurge> {
    const signer = await this.signingKeys.current();
    try {
      return await this.database.dataSource.transaction(async (tx) => {
        await takeTurnWithPurges(tx);
        const holds = await this.holdsOn(tx, day);
        const plan = await planOf(tx, day, holds);
        const seen = { ...day, rows: Number(plan.dropped), held: Number(plan.held), purgeNo: null };
        if (plan.isWaiting) return { ...seen, result: 'waiting' };
        if (seen.rows === 0 && !plan.hasPartition) return { ...seen, result: 'held' };
        if (dryRun) return { ...seen, result: 'purged' };

        const record: PurgeRecord = {
          ...day,
          no: Number(plan.lastNo) + 1,
          prevHash: plan.lastHash,
          policy: `AUDIT_RETENTION_DAYS=${this.config.auditRetentionDays}`,
          rows: seen.rows,
          batchesDigest: plan.batchesDigest,
          purgedAt: Date.now(),
          signingKey: signer.id,
        };
        await write(tx, record, holds, signer.sign(purgeCanonical(record)));
        return { ...seen, result: 'purged', purgeNo: record.no };
      });
    } catch (error) {
      if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
      return { ...day, result: 'busy', rows: 0, held: 0, purgeNo: null };
    }
  }

  private async holdsOn(tx: Transaction, { day }: LogDay): Promise<string> {
    const from = Date.parse(day);
    return holdsJson((await this.holds?.of(tx, new Date(from), new Date(from + DAY_MS))) ?? []);
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

async function planOf(tx: Transaction, { log, day }: LogDay, holds: string): Promise<Plan> {
  const [plan] = await tx.query<Plan[]>(
    `SELECT dropped, held, batches_digest AS "batchesDigest", is_waiting AS "isWaiting",
       has_partition AS "hasPartition", last_no AS "lastNo", last_hash AS "lastHash"
     FROM audit_purge_plan($1, $2, $3)`,
    [log, day, holds],
  );
  if (!plan) throw new Error('The database has no plan of a purge.');
  return plan;
}

async function write(tx: Transaction, record: PurgeRecord, holds: string, signature: Buffer): Promise<void> {
  await tx.query('SELECT audit_purge($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)', [
    record.log,
    record.day,
    holds,
    record.no,
    record.policy,
    record.rows,
    record.batchesDigest,
    record.prevHash,
    record.purgedAt,
    record.signingKey,
    signature,
    hash('sha256', purgeCanonical(record), 'buffer'),
  ]);
}
