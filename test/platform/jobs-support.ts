import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig.js';
import { until } from '../../src/platform/database/embedded/testing/until.js';
import { Database, type DatabaseConnection } from '../../src/platform/database/index.js';
import { defineJob, Jobs, type JobTask, JobWorker } from '../../src/platform/jobs/index.js';
import { createLogger } from '../../src/platform/logging/index.js';
import { Metrics } from '../../src/platform/metrics/index.js';
import { createTestDatabase } from '../support/database.js';

const ACTOR = { actor: { type: 'system', id: 'test' } } as const;
const logger = createLogger('silent');

interface QueuedJob {
  key: string | null;
  run_at: Date;
  locked_by: string | null;
  last_error: string | null;
}

/** A database with a queue, and processes that share it. */
export class JobsBench {
  private constructor(
    private readonly server: Awaited<ReturnType<typeof createTestDatabase>>,
    private readonly dataSource: DataSource,
    /** As the role that serves. */
    readonly database: Database,
    readonly owner: pg.Pool,
  ) {}

  static async open(): Promise<JobsBench> {
    const server = await createTestDatabase();
    const dataSource = await createDataSource(server.url, 'pool').initialize();
    const owner = new pg.Pool({ connectionString: server.ownerUrl });
    owner.on('error', () => undefined);
    return new JobsBench(server, dataSource, new Database(dataSource), owner);
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.owner.end();
    await this.server.drop();
  }

  get connection(): DatabaseConnection {
    return this.server;
  }

  /** A process: its own registry and worker, which is not started. */
  process({ enabled = true, stopWithinMs = 10_000, connection = this.connection } = {}) {
    const jobs = new Jobs();
    const worker = new JobWorker(connection, logger, { enabled, stopWithinMs }, jobs, new Metrics());
    return { jobs, worker };
  }

  /** Enqueues one job in a transaction of its own. */
  async enqueue(
    jobs: Jobs,
    task: JobTask,
    payload: unknown = {},
    options: { key?: string } = {},
  ): Promise<void> {
    await this.database.write(ACTOR, (tx) => jobs.enqueue(tx, task, payload, options));
  }

  /** What the queue holds of a task. */
  async queued(task: string): Promise<QueuedJob[]> {
    const { rows } = await this.owner.query<QueuedJob>(
      'SELECT key, run_at, locked_by, last_error FROM graphile_worker.jobs WHERE task_identifier = $1',
      [task],
    );
    return rows;
  }

  /** Waits until no worker is connected any more: the server takes a moment to notice. */
  async disconnected(): Promise<void> {
    await until(
      async () => (await this.owner.query(`SELECT 1 ${WORKER_CONNECTIONS}`)).rowCount === 0,
      () => 'the workers to be disconnected',
    );
  }

  /** Cuts every worker's connections, and answers how many there were. */
  async cutWorkers(): Promise<number> {
    const { rowCount } = await this.owner.query(`SELECT pg_terminate_backend(pid) ${WORKER_CONNECTIONS}`);
    return rowCount ?? 0;
  }
}

const WORKER_CONNECTIONS = `
FROM pg_stat_activity WHERE application_name = 'gatehouse jobs' AND datname = current_database()`;

/** A task that remembers its payloads, and lets a run be waited for. */
export function recorder(
  name: string,
  work: (signal: AbortSignal) => Promise<void> = () => Promise.resolve(),
) {
  const payloads: unknown[] = [];
  const begun = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const task = defineJob<unknown>({
    name,
    async run(payload, { signal }) {
      begun.resolve();
      await work(signal);
      payloads.push(payload);
      done.resolve();
    },
  });
  return { task, payloads, begun: begun.promise, done: done.promise };
}
