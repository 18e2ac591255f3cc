import { EventEmitter } from 'node:events';
import { run, type Runner, type WorkerEvents, type WorkerPool } from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from '../logging/index.js';
import type { JobTask } from './job-task.js';
import { Presence } from './presence.js';
import { cronItemsOf, type RunCounter, taskListOf } from './task-list.js';
import { withinMs } from './within.js';
import { workerLogger } from './worker-logger.js';

export interface WorkerRunOptions {
  /** The owner's. */
  readonly pool: pg.Pool;
  readonly config: pg.ClientConfig;
  readonly tasks: readonly JobTask[];
  /** Jobs that run at once. */
  readonly concurrency: number;
  /** How often each of them looks for jobs whose time has come; new ones are told of at once. */
  readonly pollIntervalMs: number;
  /** Milliseconds that running jobs have to end after `stop`. */
  readonly stopWithinMs: number;
  readonly logger: Logger;
  readonly runs: RunCounter;
  /** Ends the wait for a start that does not come off. */
  readonly signal: AbortSignal;
}

/** How long the queue may take to put killed jobs back, in milliseconds. */
const KILL_MS = 6_000;

/** One life of the queue's worker. It survives lost connections; it ends when it could not record a job's end. */
export class WorkerRun {
  private readonly over = Promise.withResolvers<void>();
  private ending: Promise<void> | undefined;

  private constructor(
    private readonly runner: Runner,
    private readonly workers: WorkerPool,
    private readonly presence: Presence,
    private readonly options: WorkerRunOptions,
  ) {
    void runner.promise.catch(() => undefined).then(() => this.end());
  }

  /**
   * Starts taking jobs and minding the clock.
   * @throws where the database does not answer
   */
  static async start(options: WorkerRunOptions): Promise<WorkerRun> {
    const { pool, tasks, concurrency, pollIntervalMs, logger, stopWithinMs } = options;
    const events: WorkerEvents = new EventEmitter();
    const made: WorkerPool[] = []; // not a promise of one: it is thenable itself
    events.once('pool:create', ({ workerPool }) => made.push(workerPool));
    const minding = new Promise<void>((resolve) => events.once('cron:started', () => resolve()));
    const runner = await run(
      {
        pgPool: pool,
        concurrency,
        pollInterval: pollIntervalMs,
        noHandleSignals: true,
        events,
        logger: workerLogger(logger),
        gracefulShutdownAbortTimeout: Math.ceil(stopWithinMs / 2),
        // Without a delay, however short, a job whose end cannot be recorded would bring the process down.
        preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      },
      taskListOf(tasks, logger, options.runs),
      cronItemsOf(tasks),
    );
    const [workers] = made;
    if (!workers) throw new Error('The job queue made no workers.');
    const presence = new Presence(options.config, workers.id);
    const workerRun = new WorkerRun(runner, workers, presence, options);
    const givenUp = new Promise((resolve) =>
      options.signal.addEventListener('abort', resolve, { once: true }),
    );
    await Promise.race([minding, workerRun.ended, givenUp]);
    return workerRun;
  }

  /** The name under which this worker locks its jobs. */
  get id(): string {
    return this.workers.id;
  }

  /** Resolves when the worker has ended, asked for or not: none of its jobs runs any more. */
  get ended(): Promise<void> {
    return this.over.promise;
  }

  /** Takes no more jobs, and waits for those that run; past the deadline they are put back for another try. */
  async stop(): Promise<void> {
    const stopped = this.runner.stop().catch(() => undefined);
    if (!(await withinMs(this.options.stopWithinMs, stopped))) {
      this.options.logger.warn('jobs are still running and are put back');
      // `Runner.kill` does nothing once a stop is under way.
      const killed = Promise.resolve(this.workers.forcefulShutdown('The process stops.'));
      await withinMs(
        KILL_MS,
        killed.catch(() => undefined),
      );
    }
    await this.end();
  }

  private end(): Promise<void> {
    this.ending ??= this.leave();
    return this.ending;
  }

  private async leave(): Promise<void> {
    await this.presence.withdraw();
    this.over.resolve();
  }
}
