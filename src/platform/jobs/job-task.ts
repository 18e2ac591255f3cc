import { parseCronItem } from 'graphile-worker';
import type { Logger } from '../logging/index.js';

/** What a run of a job is given beside its payload. */
export interface JobRun {
  /** Names the task, the job and the attempt in every line. */
  readonly logger: Logger;
  /** Aborted when the process is about to stop: a long job should end early, by throwing, and be tried again. */
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
  /** The tick that a run by the clock stands for; undefined for a job that somebody enqueued. */
  readonly tick: Date | undefined;
}

/**
 * `ordinary` is for what the house does for itself, in moments. `long` is for what somebody has ordered, and takes its
 * time. `waiting` is for jobs that mostly wait for others' machines: many at once. None ever stands behind another lane's.
 */
export type JobLane = 'ordinary' | 'long' | 'waiting';

/**
 * A kind of work that is done apart from any request.
 *
 * A job runs at least once: after a crash or a lost connection it may run again, so `run` must bear repetition.
 * One that throws is tried again with growing pauses, up to 25 times in about three days.
 */
export interface JobTask<Payload = unknown> {
  /** `module.what-it-does`; stored with every job, so never renamed lightly. */
  readonly name: string;
  /** Five fields, UTC, e.g. `5 0 * * *`: one run per tick over all processes, with an empty payload. */
  readonly cron?: string;
  /** How far back a tick that no process was there for is made up at the next start. Default 0: not at all. */
  readonly catchUpMinutes?: number;
  /** Runs in slots apart from everybody else's. Default `ordinary`. */
  readonly lane?: JobLane;
  /** `payload` is as it was enqueued, through JSON. */
  run(payload: Payload, run: JobRun): Promise<void>;
}

/**
 * Checks a task and hands it back.
 * @throws Error for a name that is not of the form, or a cron pattern that cannot be read
 */
export function defineJob<Payload>(task: JobTask<Payload>): JobTask<Payload> {
  if (!/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/.test(task.name) || task.name.length > 100) {
    throw new Error(`A job's name has the form "module.what-it-does": ${task.name}`);
  }
  if (task.cron !== undefined) parseCronItem({ task: task.name, match: task.cron });
  return task;
}

export interface SweepOptions {
  readonly name: string;
  readonly cron: string;
  /** Deletes some thousand rows at most, in one short transaction, and answers how many. */
  readonly deleteBatch: () => Promise<number>;
}

/** A task that deletes what has expired, batch by batch, so that nobody waits behind one long transaction. */
export function defineSweep({ name, cron, deleteBatch }: SweepOptions): JobTask {
  return defineJob({
    name,
    cron,
    async run(_payload, { logger, signal }) {
      let total = 0;
      for (let deleted = await deleteBatch(); deleted > 0; deleted = await deleteBatch()) {
        total += deleted;
        // The next tick goes on where this one stopped.
        if (signal.aborted) break;
      }
      logger.debug({ deleted: total }, 'swept');
    },
  });
}
