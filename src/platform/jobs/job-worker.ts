import { setTimeout as pause } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type pg from 'pg';
import { clientConfig, DATABASE_CONNECTION, type DatabaseConnection } from '../database/index.js';
import { LOGGER, type Logger } from '../logging/index.js';
import { Metrics } from '../metrics/index.js';
import { defineJob, type JobLane, type JobTask } from './job-task.js';
import { Jobs } from './jobs.js';
import { JOBS_OPTIONS, type JobsOptions } from './jobs-options.js';
import { reclaimJobs, unlockJobs } from './presence.js';
import type { RunCounter } from './task-list.js';
import { withinMs } from './within.js';
import { WorkerConnections } from './worker-connections.js';
import { WorkerRun } from './worker-run.js';

/** Jobs that one process runs at once, by lane. A job that waits holds no connection. */
const SLOTS = {
  ordinary: { concurrency: 4, pollIntervalMs: 2_000 },
  long: { concurrency: 4, pollIntervalMs: 2_000 },
  // Ten looks a second over all of them.
  waiting: { concurrency: 50, pollIntervalMs: 5_000 },
} as const satisfies Record<JobLane, { concurrency: number; pollIntervalMs: number }>;
const LANES: readonly JobLane[] = ['ordinary', 'long', 'waiting'];
const MOST_CONNECTIONS = 10;
const STOP_WITHIN_MS = 15_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Runs jobs in this process, from the application's start to its end. Takes the owner's connection, because the
 * queue's tables are closed to the server's role. Any number of processes may work at once: a job is one
 * worker's, and a tick of the clock makes one job.
 */
@Injectable()
export class JobWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly config: pg.ClientConfig;
  private readonly logger: Logger;
  private readonly runs: RunCounter;
  private pool: pg.Pool | undefined;
  private readonly current = new Map<JobLane, WorkerRun>();
  private working: Promise<void> | undefined;

  constructor(
    @Inject(DATABASE_CONNECTION) connection: DatabaseConnection,
    @Inject(LOGGER) logger: Logger,
    @Inject(JOBS_OPTIONS) private readonly options: JobsOptions,
    private readonly jobs: Jobs,
    metrics: Metrics,
  ) {
    this.config = clientConfig(connection.ownerUrl, 'jobs');
    this.logger = logger.child({ part: 'jobs' });
    this.runs = metrics.counter('gatehouse_job_runs_total', 'Runs of jobs that ended', ['task', 'outcome']);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.options.enabled) await this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  /** Resolves when the worker takes jobs, or has failed to for the first time; it goes on trying. */
  async start(): Promise<void> {
    if (this.working) return;
    const pool = new WorkerConnections({ ...this.config, max: MOST_CONNECTIONS });
    this.pool = pool;
    const tasks = [...this.jobs.tasks, reclaimTask(pool)];
    const starts: Promise<void>[] = [];
    const working: Promise<void>[] = [];
    for (const lane of LANES) {
      const ofLane = tasks.filter((task) => (task.lane ?? 'ordinary') === lane);
      if (ofLane.length === 0) continue;
      const tried = Promise.withResolvers<void>();
      starts.push(tried.promise);
      working.push(this.work(lane, pool, ofLane, tried.resolve));
    }
    this.working = Promise.all(working).then(() => undefined);
    await Promise.all(starts);
  }

  /** Takes no more jobs and waits for those that run, bounded. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([...this.current.values()].map((run) => run.stop()));
    await this.working;
    if (this.pool) {
      await withinMs(
        2_000,
        this.pool.end().catch(() => undefined),
      );
    }
  }

  private async work(
    lane: JobLane,
    pool: pg.Pool,
    tasks: readonly JobTask[],
    tried: () => void,
  ): Promise<void> {
    const { config, logger, runs } = this;
    const { signal } = this.stopping;
    const stopWithinMs = this.options.stopWithinMs ?? STOP_WITHIN_MS;
    const settings = { pool, config, tasks, ...SLOTS[lane], stopWithinMs, logger, runs, signal };
    let wait = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        // What an ended worker still has locked was done without a record of it: it is repeated.
        const before = this.current.get(lane);
        if (before) await unlockJobs(pool, [before.id]);
        const current = await WorkerRun.start(settings);
        this.current.set(lane, current);
        wait = FIRST_PAUSE_MS;
        tried();
        // Asked to stop while starting.
        if (signal.aborted) await current.stop();
        await current.ended;
        if (!signal.aborted) logger.warn('the job worker ended and is started again');
      } catch (error) {
        logger.warn({ err: error }, 'the job worker cannot start and tries again');
      }
      tried();
      await pause(wait, undefined, { signal }).catch(() => undefined);
      wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
    }
  }
}

function reclaimTask(pool: pg.Pool): JobTask {
  return defineJob({
    name: 'jobs.reclaim',
    cron: '* * * * *',
    async run(_payload, { logger }) {
      const workers = await reclaimJobs(pool);
      if (workers.length > 0) logger.warn({ workers }, 'jobs of workers that are gone were put back');
    },
  });
}
