import { Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import { type Actor, Database, type Transaction } from '../../../platform/database/index.js';
import { defineJob, Jobs, type JobTask } from '../../../platform/jobs/index.js';
import { holdsJson, RetentionHold, takeTurnWithPurges } from '../retention-hold.js';
import { Erasure } from './erasure.entity.js';

/** Rows of one transaction: others, and purges, get their turn in between. */
const BATCH = 5_000;
const DAY_MS = 86_400_000;
const ACTOR: Actor = { type: 'system', id: 'eraser' };

/** What the job is given. The address is nowhere else, and gone with the job. */
export interface ErasurePayload {
  readonly id: string;
  readonly ip?: string;
}

/** Does what erasures say, in the background: many rows may be meant. */
@Injectable()
export class Eraser implements OnModuleInit {
  private readonly task: JobTask<ErasurePayload> = defineJob<ErasurePayload>({
    name: 'audit.erase',
    run: async (payload, { signal, logger }) => {
      const isDone = await this.run(payload, signal);
      if (!isDone) throw new Error('Changes that are to be erased are not sealed yet, or the process stops.');
      logger.info({ erasure: payload.id }, 'personal data was erased from the logs');
    },
  });

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    @Optional() private readonly holds?: RetentionHold,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this.task);
  }

  /** Has an erasure done in the background, once the caller's transaction commits. */
  enqueue(tx: Transaction, payload: ErasurePayload): Promise<void> {
    return this.jobs.enqueue(tx, this.task, payload, { key: payload.id });
  }

  /**
   * Does an erasure; what is erased already is passed over, so that it may be repeated. Held rows are left.
   * @returns whether it is done: not so where changes wait for their seal, or where it was to end early
   */
  async run({ id, ip }: ErasurePayload, signal?: AbortSignal): Promise<boolean> {
    const erasure = await this.database.manager.findOneBy(Erasure, { id });
    if (!erasure || erasure.doneAt) return true;
    let held = 0;
    for (const day of await this.days(erasure.before)) {
      for (let erased = BATCH; erased === BATCH;) {
        if (signal?.aborted) return false;
        const done = await this.step(erasure, ERASE_REQUESTS, day, [ip ?? null, day]);
        erased = done.erased;
        held += done.held ?? 0;
      }
    }
    for (;;) {
      const done = await this.step(erasure, ERASE_CHANGES, undefined, []);
      if (done.erased === BATCH) continue;
      if ((done.waiting ?? 0) > 0) return false;
      held += done.held ?? 0;
      break;
    }
    await this.write(erasure, (tx) =>
      tx.update(Erasure, { id }, { rowsHeld: held, doneAt: () => 'clock_timestamp()' }),
    );
    return true;
  }

  private step(erasure: Erasure, sql: string, day: string | undefined, values: unknown[]): Promise<Step> {
    return this.write(erasure, async (tx) => {
      await takeTurnWithPurges(tx);
      const from = day === undefined ? 0 : Date.parse(day);
      const to = day === undefined ? erasure.before.getTime() : from + DAY_MS;
      const holds = holdsJson((await this.holds?.of(tx, new Date(from), new Date(to))) ?? []);
      const [step] = await tx.query<Step[]>(sql, [erasure.id, holds, BATCH, ...values]);
      if (!step) throw new Error('The database does not tell what it erased.');
      return step;
    });
  }

  private write<T>({ reason }: Erasure, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.write({ actor: ACTOR, reason }, work);
  }

  /** The days (UTC) that have rows of before a moment. */
  private async days(before: Date): Promise<string[]> {
    const rows = await this.database.query<{ day: string }>(DAYS, [before]);
    return rows.map(({ day }) => day);
  }
}

interface Step {
  readonly erased: number;
  /** Chosen and not erased; null where there may be more to erase. */
  readonly held: number | null;
  readonly waiting?: number;
}

const ERASE_REQUESTS = 'SELECT erased, held FROM audit_erase_requests($1, $4, $5, $2, $3)';
const ERASE_CHANGES = 'SELECT erased, held, waiting FROM audit_erase_changes($1, $2, $3)';
const DAYS = `
SELECT to_char(day, 'YYYY-MM-DD') AS day FROM (
  SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS day
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'request_log'::regclass
  UNION
  SELECT (at AT TIME ZONE 'UTC')::date FROM held_requests
) AS days WHERE day::timestamp AT TIME ZONE 'UTC' < $1::timestamptz ORDER BY 1`;
