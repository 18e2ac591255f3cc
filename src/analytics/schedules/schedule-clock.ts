import type { Database, Transaction } from '../../platform/database/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { defineClock, type Jobs, type JobTask, setAlarm } from '../../platform/jobs/index.js';
import type { Changes, StoreCollection } from '../../platform/records/index.js';
import { dueIn, dueOf, type Scheduled } from './scheduled.js';

/** Things of one kind that are done by the clock. */
export interface ScheduledKind<E extends Scheduled, V extends { readonly id: string }> {
  /** `module.keep-time`. */
  readonly name: string;
  readonly table: string;
  readonly all: StoreCollection<E, V>;
  /** Orders the run for one time, unless there is one. */
  readonly order: (tx: Transaction, store: StoreScope, row: E, dueAt: Date) => Promise<void>;
}

/** Has the clock look when a row that was saved comes due. */
export async function setNextAlarm(
  tx: Transaction,
  jobs: Jobs,
  clock: JobTask,
  { nextRunAt }: Scheduled,
  before: Scheduled | undefined,
): Promise<void> {
  if (nextRunAt && nextRunAt.getTime() !== before?.nextRunAt?.getTime()) {
    await setAlarm(tx, jobs, clock, nextRunAt);
  }
}

/**
 * The clock that orders runs: the time is taken from the row, and the next one put there, in the transaction that makes
 * the run. Whoever else sees that it has come waits for the row, and finds that it has not.
 */
export function scheduleClock<E extends Scheduled, V extends { readonly id: string }>(
  database: Database,
  { name, table, all, order }: ScheduledKind<E, V>,
): JobTask {
  return defineClock(database, {
    name,
    due: dueIn(table),
    turn: async (tx, row) => {
      const found = await all.locked(tx, row, row.id);
      const due = dueOf(found, row.now);
      if (!due) return;
      const { dueAt, nextRunAt } = due;
      await all.save(tx, row, found, { nextRunAt } as unknown as Changes<E>);
      await order(tx, row, found, dueAt);
    },
  });
}
