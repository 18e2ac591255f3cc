import type { JobRun } from './job-task.js';

/** Runs of one order that may fail by themselves, before it has failed. */
export const MOST_FAILURES = 5;

/** The order was deleted, or another run has taken it over: this one's work counts no more. */
export class RunSuperseded extends Error {
  /** @param what the order in words, e.g. `The export <id>` */
  constructor(what: string) {
    super(`${what} was deleted, or is done by another run.`);
    this.name = 'RunSuperseded';
  }
}

/**
 * Does the work of one run of an order, and sees to how it ends. A run that is superseded ends without a sound; one
 * that is asked to stop is no failure, and comes again; one that fails comes again until `fail` says that it was the last.
 * @param fail records the failure, and answers whether the order has failed by it
 */
export async function runInBackground(
  { signal, logger }: Pick<JobRun, 'signal' | 'logger'>,
  work: () => Promise<void>,
  fail: (error: unknown) => Promise<boolean>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof RunSuperseded) {
      logger.debug({ err: error }, 'a run was superseded');
      return;
    }
    if (signal.aborted || !(await fail(error))) throw error;
    logger.error({ err: error }, 'it has failed for the last time');
  }
}
