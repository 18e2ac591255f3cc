import {
  type CronItem,
  type JobHelpers,
  parseCronItems,
  type ParsedCronItem,
  type TaskList,
} from 'graphile-worker';
import type { Counter } from 'prom-client';
import { describeError, type Logger, scrub } from '../logging/index.js';
import type { JobTask } from './job-task.js';

export type RunCounter = Counter<'task' | 'outcome'>;

/** Our tasks as the queue's worker takes them: told in the log, counted, and with no secret in what is kept of a failure. */
export function taskListOf(tasks: readonly JobTask[], logger: Logger, runs: RunCounter): TaskList {
  return Object.fromEntries(
    tasks.map((task) => [
      task.name,
      (payload: unknown, helpers: JobHelpers) => runTask(task, payload, helpers, logger, runs),
    ]),
  );
}

async function runTask(
  task: JobTask,
  payload: unknown,
  { job, abortSignal }: JobHelpers,
  logger: Logger,
  runs: RunCounter,
): Promise<void> {
  const jobLogger = logger.child({ task: task.name, job: job.id, attempt: job.attempts });
  try {
    const tick = tickOf(payload);
    await task.run(tick ? {} : payload, {
      logger: jobLogger,
      signal: abortSignal,
      attempt: job.attempts,
      tick,
    });
    runs.inc({ task: task.name, outcome: 'done' });
  } catch (error) {
    runs.inc({ task: task.name, outcome: 'failed' });
    if (job.attempts < job.max_attempts)
      jobLogger.warn({ err: error }, 'a job failed and will be tried again');
    else jobLogger.error({ err: error }, 'a job failed for the last time');
    // The message is kept in the queue's table.
    throw new Error(scrub(describeError(error).message), { cause: error });
  }
}

/** The queue marks what its clock enqueued. */
function tickOf(payload: unknown): Date | undefined {
  if (typeof payload !== 'object' || payload === null || !('_cron' in payload)) return undefined;
  const mark: unknown = payload._cron;
  if (typeof mark !== 'object' || mark === null || !('ts' in mark)) return undefined;
  return typeof mark.ts === 'string' ? new Date(mark.ts) : undefined;
}

/** The tasks that the clock starts. Of one task's ticks at most one waits, so that an outage leaves no queue of them. */
export function cronItemsOf(tasks: readonly JobTask[]): ParsedCronItem[] {
  return parseCronItems(
    tasks.flatMap(({ name, cron, catchUpMinutes = 0 }): CronItem[] =>
      cron === undefined
        ? []
        : [
            {
              task: name,
              match: cron,
              identifier: name,
              options: {
                backfillPeriod: catchUpMinutes * 60_000,
                jobKey: `${name}/tick`,
                jobKeyMode: 'replace',
              },
            },
          ],
    ),
  );
}
