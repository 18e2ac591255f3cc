import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig.js';
import { clientConfig, Database } from '../../src/platform/database/index.js';
import { defineJob, Jobs, JobWorker } from '../../src/platform/jobs/index.js';
import { Presence, reclaimJobs } from '../../src/platform/jobs/presence.js';
import { createLogger } from '../../src/platform/logging/index.js';
import { Metrics } from '../../src/platform/metrics/index.js';
import { createTestDatabase } from '../support/database.js';
import { until } from '../../src/platform/database/embedded/testing/until.js';

const ACTOR = { actor: { type: 'system', id: 'test' } } as const;
const logger = createLogger('silent');

let server: Awaited<ReturnType<typeof createTestDatabase>>;
let dataSource: DataSource;
let database: Database;
let owner: pg.Pool;

beforeAll(async () => {
  server = await createTestDatabase();
  dataSource = await createDataSource(server.url, 'pool').initialize();
  database = new Database(dataSource);
  owner = new pg.Pool({ connectionString: server.ownerUrl });
  owner.on('error', () => undefined);
});

afterAll(async () => {
  await dataSource.destroy();
  await owner.end();
  await server.drop();
});

/** A process's jobs: its own registry and worker. */
function newProcess({ stopWithinMs = 10_000 } = {}) {
  const jobs = new Jobs();
  const worker = new JobWorker(server, logger, { enabled: true, stopWithinMs }, jobs, new Metrics());
  return { jobs, worker };
}

/** A task that remembers its payloads, and lets a run be waited for. */
function recorder(name: string, work: (signal: AbortSignal) => Promise<void> = () => Promise.resolve()) {
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

async function queued(task: string): Promise<{ key: string | null; run_at: Date; last_error: string | null }[]> {
  const { rows } = await owner.query<{ key: string | null; run_at: Date; last_error: string | null }>(
    'SELECT key, run_at, last_error FROM graphile_worker.jobs WHERE task_identifier = $1',
    [task],
  );
  return rows;
}

describe('enqueueing', () => {
  it('works as the role that may not touch the queue itself', async () => {
    const { jobs } = newProcess();
    const { task } = recorder('test.lesser-role');
    jobs.register(task);
    const [role] = await database.query<{ name: string }>('SELECT current_user AS name');
    const { rows } = await owner.query<{ name: string }>('SELECT current_user AS name');
    expect(role?.name).not.toBe(rows[0]?.name);
    await expect(database.query('SELECT * FROM graphile_worker._private_jobs')).rejects.toThrow(/permission denied/);
    await database.write(ACTOR, (tx) => jobs.enqueue(tx, task, { id: 1 }));
    expect(await queued(task.name)).toHaveLength(1);
  });

  it('leaves no job when the transaction is rolled back', async () => {
    const { jobs } = newProcess();
    const { task } = recorder('test.rolled-back');
    jobs.register(task);
    const failing = database.write(ACTOR, async (tx) => {
      await jobs.enqueue(tx, task, {});
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await queued(task.name)).toEqual([]);
  });

  it('replaces what waits under the same key, and keeps tasks apart', async () => {
    const { jobs } = newProcess();
    const { task } = recorder('test.keyed');
    const { task: other } = recorder('test.keyed-too');
    jobs.register(task);
    jobs.register(other);
    const runAt = new Date(Date.now() + 3_600_000);
    await database.write(ACTOR, async (tx) => {
      await jobs.enqueue(tx, task, {}, { key: 'a' });
      await jobs.enqueue(tx, task, {}, { key: 'a', runAt });
      await jobs.enqueue(tx, other, {}, { key: 'a' });
    });
    expect(await queued(task.name)).toEqual([{ key: 'test.keyed/a', run_at: runAt, last_error: null }]);
    expect(await queued(other.name)).toHaveLength(1);
  });

  it('refuses a task that nobody registered, a second one of the same name, and a bad cron pattern', async () => {
    const { jobs } = newProcess();
    const { task } = recorder('test.unknown');
    await expect(database.write(ACTOR, (tx) => jobs.enqueue(tx, task, {}))).rejects.toThrow(/not registered/);
    jobs.register(task);
    expect(() => jobs.register(task)).toThrow(/test\.unknown/);
    expect(() => defineJob({ ...task, cron: '61 * * * *' })).toThrow(/60|61/);
    expect(() => defineJob({ ...task, name: 'Wrong' })).toThrow(/Wrong/);
  });
});

describe('the worker', () => {
  it('runs a committed job once, with its payload', async () => {
    const { jobs, worker } = newProcess();
    const { task, payloads, done } = recorder('test.once');
    jobs.register(task);
    await worker.start();
    await database.write(ACTOR, (tx) => jobs.enqueue(tx, task, { id: 'x', list: [1, null] }));
    await done;
    await worker.stop();
    expect(payloads).toEqual([{ id: 'x', list: [1, null] }]);
    expect(await queued(task.name)).toEqual([]);
  });

  it('finishes what runs before it stops, and takes nothing more', async () => {
    const { jobs, worker } = newProcess();
    const gate = Promise.withResolvers<void>();
    const { task, payloads, begun } = recorder('test.graceful', () => gate.promise);
    jobs.register(task);
    await worker.start();
    await database.write(ACTOR, (tx) => jobs.enqueue(tx, task, 'first'));
    await begun;
    let stopped = false;
    const stopping = worker.stop().then(() => (stopped = true));
    await owner.query('SELECT 1');
    expect(stopped).toBe(false);
    gate.resolve();
    await stopping;
    expect(payloads).toEqual(['first']);
    await database.write(ACTOR, (tx) => jobs.enqueue(tx, task, 'second'));
    expect(await queued(task.name)).toHaveLength(1);
    const { rows } = await owner.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'gatehouse jobs'`);
    expect(rows).toEqual([]);
  });

  it('asks a long job to end, and puts it back when it does not', async () => {
    const { jobs, worker } = newProcess({ stopWithinMs: 200 });
    let asked = false;
    const never = new Promise<void>(() => undefined);
    const { task, payloads, begun } = recorder('test.stubborn', (signal) => {
      signal.addEventListener('abort', () => (asked = true));
      return never;
    });
    jobs.register(task);
    await worker.start();
    await database.write(ACTOR, (tx) => jobs.enqueue(tx, task, {}));
    await begun;
    await worker.stop();
    expect(asked).toBe(true);
    expect(payloads).toEqual([]);
    const { rows } = await owner.query(
      'SELECT locked_by FROM graphile_worker.jobs WHERE task_identifier = $1',
      [task.name],
    );
    expect(rows).toEqual([{ locked_by: null }]);
  });

  it('tries a failed job again later, and keeps no secret of why it failed', async () => {
    const { jobs, worker } = newProcess();
    const token = `gate_live_${'aB3'.repeat(16)}z`;
    const { task } = recorder('test.failing', () => Promise.reject(new Error(`refused ${token}`)));
    jobs.register(task);
    await worker.start();
    await database.write(ACTOR, (tx) => jobs.enqueue(tx, task, {}));
    const failed = await until(
      async () => (await queued(task.name)).find((job) => job.last_error !== null),
      () => 'the failure',
    );
    await worker.stop();
    expect(failed.last_error).toBe('refused …');
    expect(failed.run_at.getTime()).toBeGreaterThan(Date.now());
  });

  it('goes on after its connections were cut', async () => {
    const { jobs, worker } = newProcess();
    const gate = Promise.withResolvers<void>();
    const running = recorder('test.cut-running', () => gate.promise);
    const later = recorder('test.cut-later');
    jobs.register(running.task);
    jobs.register(later.task);
    await worker.start();
    await database.write(ACTOR, (tx) => jobs.enqueue(tx, running.task, {}));
    await running.begun;
    const { rows } = await owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'gatehouse jobs' AND datname = current_database()`,
    );
    expect(rows.length).toBeGreaterThan(1);
    gate.resolve();
    await running.done;
    await database.write(ACTOR, (tx) => jobs.enqueue(tx, later.task, {}));
    await later.done;
    await worker.stop();
    expect(await queued(later.task.name)).toEqual([]);
  });

  it('starts when the database does, and stops when it never comes', async () => {
    const jobs = new Jobs();
    const nowhere = { url: server.url, ownerUrl: 'postgresql://nobody@127.0.0.1:1/none' };
    const worker = new JobWorker(nowhere, logger, { enabled: true }, jobs, new Metrics());
    await worker.onApplicationBootstrap();
    await worker.beforeApplicationShutdown();
  });

  it('does not run where it is not enabled', async () => {
    const { jobs } = newProcess();
    const { task, payloads } = recorder('test.disabled');
    jobs.register(task);
    const worker = new JobWorker(server, logger, { enabled: false }, jobs, new Metrics());
    await worker.onApplicationBootstrap();
    await database.write(ACTOR, (tx) => jobs.enqueue(tx, task, {}));
    const { rows } = await owner.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'gatehouse jobs'`);
    expect(rows).toEqual([]);
    await worker.beforeApplicationShutdown();
    expect(payloads).toEqual([]);
  });
});

describe('the clock', () => {
  it('makes one run of a tick, however many processes mind it', async () => {
    // A tick two minutes ago that nobody was there for: every worker finds it at its start.
    const tick = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 120_000);
    const ticks: (Date | undefined)[] = [];
    const processes = [newProcess(), newProcess(), newProcess()];
    for (const { jobs } of processes) {
      jobs.register(
        defineJob({
          name: 'test.clock',
          cron: `${tick.getUTCMinutes()} ${tick.getUTCHours()} * * *`,
          catchUpMinutes: 30,
          run: (_payload, run) => {
            ticks.push(run.tick);
            return Promise.resolve();
          },
        }),
      );
    }
    await owner.query(
      `INSERT INTO graphile_worker._private_known_crontabs (identifier, known_since)
       VALUES ('test.clock', now() - interval '1 hour')`,
    );
    await Promise.all(processes.map(({ worker }) => worker.start()));
    await until(async () => (await queued('test.clock')).length === 0, () => 'the queue to be empty');
    await Promise.all(processes.map(({ worker }) => worker.stop()));
    expect(ticks).toEqual([tick]);
  });
});

describe('the jobs of a worker that is gone', () => {
  it('are put back, and those of a living one are left', async () => {
    const { jobs } = newProcess();
    const { task } = recorder('test.orphans');
    jobs.register(task);
    for (const key of ['dead', 'living']) {
      await database.write(ACTOR, (tx) => jobs.enqueue(tx, task, {}, { key }));
    }
    await owner.query(
      `UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '1 minute', locked_by = 'pool-' || key
       WHERE key LIKE 'test.orphans/%'`,
    );
    const presence = new Presence(clientConfig(server.ownerUrl, 'jobs'), 'pool-test.orphans/living');
    try {
      await presence.announced;
      expect(await reclaimJobs(owner, 3_600)).toEqual([]);
      expect(await reclaimJobs(owner, 0)).toEqual(['pool-test.orphans/dead']);
    } finally {
      await presence.withdraw();
    }
    expect(await reclaimJobs(owner, 0)).toEqual(['pool-test.orphans/living']);
    const { rows } = await owner.query(
      `SELECT locked_by FROM graphile_worker.jobs WHERE task_identifier = 'test.orphans'`,
    );
    expect(rows).toEqual([{ locked_by: null }, { locked_by: null }]);
  });
});
