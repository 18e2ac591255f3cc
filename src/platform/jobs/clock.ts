import type { Actor, Database, Transaction } from '../database/index.js';
import type { StoreScope } from '../http/index.js';
import { defineJob, type JobTask } from './job-task.js';
import type { Jobs } from './jobs.js';

/** A row whose time has come, with the store it is in. */
export interface DueRow extends StoreScope {
  /** UUID. */
  readonly id: string;
  /** The database's clock, by which it is due: this process's own may be behind it. */
  readonly now: Date;
}

/** Things whose state depends on the time. */
export interface Clock {
  /** `module.keep-time`. */
  readonly name: string;
  /** Selects the `DueRow`s of organizations that are not suspended, the longest overdue first, bounded. */
  readonly due: string;
  /** Does what is due with one of them, which may have been done by another process meanwhile. */
  readonly turn: (tx: Transaction, row: DueRow) => Promise<void>;
}

/**
 * The job that does what is due. It looks at the rows themselves, so that nothing is forgotten, whoever wrote them: once
 * a minute, and when an alarm goes off. Each row has its own transaction: one that fails holds up none of the others.
 */
export function defineClock(database: Database, { name, due, turn }: Clock): JobTask {
  const actor: Actor = { type: 'system', id: name };
  return defineJob({
    name,
    cron: '* * * * *',
    async run(_payload, { signal, logger }) {
      const failed = new Set<string>();
      for (;;) {
        const rows = (await database.query<DueRow>(due)).filter(({ id }) => !failed.has(id));
        if (rows.length === 0 || signal.aborted) return;
        for (const row of rows) {
          try {
            await database.write({ actor }, (tx) => turn(tx, row));
          } catch (error) {
            logger.error({ err: error, id: row.id }, 'what is due could not be done; it is tried again');
            failed.add(row.id);
          }
        }
      }
    },
  });
}

/** Has the clock look at a moment: to the second, where the minute is not enough. */
export async function setAlarm(tx: Transaction, jobs: Jobs, clock: JobTask, at: Date): Promise<void> {
  // Those of one moment are one.
  await jobs.enqueue(tx, clock, {}, { key: at.toISOString(), runAt: at });
}
