import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../src/platform/database/embedded/testing/until.js';
import { defineJob } from '../../src/platform/jobs/index.js';
import { JobsBench, recorder } from './jobs-support.js';

const ACTOR = { actor: { type: 'system', id: 'test' } } as const;
let bench: JobsBench;

beforeAll(async () => {
  bench = await JobsBench.open();
});
afterAll(() => bench.close());

describe('enqueueing', () => {
  it('works as the role that may not touch the queue itself', async () => {
    const { jobs } = bench.process();
    const { task } = recorder('test.lesser-role');
    jobs.register(task);
    const [role] = await bench.database.query<{ name: string }>('SELECT current_user AS name');
    const { rows } = await bench.owner.query<{ name: string }>('SELECT current_user AS name');
    expect(role?.name).not.toBe(rows[0]?.name);
    const reading = bench.database.query('SELECT * FROM graphile_worker._private_jobs');
    await expect(reading).rejects.toThrow(/permission denied/);
    await bench.enqueue(jobs, task, { id: 1 });
    expect(await bench.queued(task.name)).toHaveLength(1);
  });

  it('leaves no job when the transaction is rolled back', async () => {
    const { jobs } = bench.process();
    const { task } = recorder('test.rolled-back');
    jobs.register(task);
    const failing = bench.database.write(ACTOR, async (tx) => {
      await jobs.enqueue(tx, task, {});
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await bench.queued(task.name)).toEqual([]);
  });

  it('replaces what waits under the same key, and keeps tasks apart', async () => {
    const { jobs } = bench.process();
    const { task } = recorder('test.keyed');
    const { task: other } = recorder('test.keyed-too');
    jobs.register(task);
    jobs.register(other);
    const runAt = new Date(Date.now() + 3_600_000);
    await bench.database.write(ACTOR, async (tx) => {
      await jobs.enqueue(tx, task, {}, { key: 'a' });
      await jobs.enqueue(tx, task, {}, { key: 'a', runAt });
      await jobs.enqueue(tx, other, {}, { key: 'a' });
    });
    expect(await bench.queued(task.name)).toMatchObject([{ key: 'test.keyed/a', run_at: runAt }]);
    expect(await bench.queued(other.name)).toHaveLength(1);
  });

  it('refuses a task that nobody registered, a second one of the same name, and a bad cron pattern', async () => {
    const { jobs } = bench.process();
    const { task } = recorder('test.unknown');
    await expect(bench.enqueue(jobs, task)).rejects.toThrow(/not registered/);
    jobs.register(task);
    expect(() => jobs.register(task)).toThrow(/test\.unknown/);
    expect(() => defineJob({ ...task, cron: '61 * * * *' })).toThrow(/61/);
    expect(() => defineJob({ ...task, name: 'Wrong' })).toThrow(/Wrong/);
  });
});

describe('the worker', () => {
  it('runs a committed job once, with its payload', async () => {
    const { jobs, worker } = bench.process();
    const { task, payloads, done } = recorder('test.once');
    jobs.register(task);
    await worker.start();
    await bench.enqueue(jobs, task, { id: 'x', list: [1, null] });
    await done;
    await worker.stop();
    expect(payloads).toEqual([{ id: 'x', list: [1, null] }]);
    expect(await bench.queued(task.name)).toEqual([]);
  });

  it('finishes what runs before it stops, and takes nothing more', async () => {
    const { jobs, worker } = bench.process();
    const gate = Promise.withResolvers<void>();
    const { task, payloads, begun } = recorder('test.graceful', () => gate.promise);
    jobs.register(task);
    await worker.start();
    await bench.enqueue(jobs, task, 'first');
    await begun;
    let stopped = false;
    const stopping = worker.stop().then(() => (stopped = true));
    await bench.owner.query('SELECT 1');
    expect(stopped).toBe(false);
    gate.resolve();
    await stopping;
    expect(payloads).toEqual(['first']);
    expect(await bench.queued(task.name)).toEqual([]);
    await bench.enqueue(jobs, task, 'second');
    await bench.disconnected();
    expect(await bench.queued(task.name)).toHaveLength(1);
  });

  it('asks a long job to end, and puts it back when it does not', async () => {
    const { jobs, worker } = bench.process({ stopWithinMs: 200 });
    let asked = false;
    const { task, payloads, begun } = recorder('test.stubborn', (signal) => {
      signal.addEventListener('abort', () => (asked = true));
      return new Promise(() => undefined);
    });
    jobs.register(task);
    await worker.start();
    await bench.enqueue(jobs, task);
    await begun;
    await worker.stop();
    expect(asked).toBe(true);
    expect(payloads).toEqual([]);
    expect(await bench.queued(task.name)).toMatchObject([{ locked_by: null }]);
  });

  it('tries a failed job again later, and keeps no secret of why it failed', async () => {
    const { jobs, worker } = bench.process();
    const token = `gate_live_${'aB3'.repeat(16)}z`;
    const { task } = recorder('test.failing', () => Promise.reject(new Error(`refused ${token}`)));
    jobs.register(task);
    await worker.start();
    await bench.enqueue(jobs, task);
    const failed = await until(
      async () => (await bench.queued(task.name)).find((job) => job.last_error !== null),
      () => 'the failure',
    );
    await worker.stop();
    expect(failed.last_error).toBe('refused …');
    expect(failed.run_at.getTime()).toBeGreaterThan(Date.now());
  });

  it('does not run where it is not enabled', async () => {
    await bench.disconnected();
    const { jobs, worker } = bench.process({ enabled: false });
    const { task, payloads } = recorder('test.disabled');
    jobs.register(task);
    await worker.onApplicationBootstrap();
    await bench.enqueue(jobs, task);
    expect(await bench.cutWorkers()).toBe(0);
    await worker.beforeApplicationShutdown();
    expect(payloads).toEqual([]);
  });
});

describe('the clock', () => {
  it('makes one run of a tick, however many processes mind it', async () => {
    // A tick two minutes ago that nobody was there for: every worker finds it at its start.
    const tick = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 120_000);
    const ticks: (Date | undefined)[] = [];
    const processes = [bench.process(), bench.process(), bench.process()];
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
    await bench.owner.query(
      `INSERT INTO graphile_worker._private_known_crontabs (identifier, known_since)
       VALUES ('test.clock', now() - interval '1 hour')`,
    );
    await Promise.all(processes.map(({ worker }) => worker.start()));
    await until(
      async () => (await bench.queued('test.clock')).length === 0,
      () => 'the queue to be empty',
    );
    await Promise.all(processes.map(({ worker }) => worker.stop()));
    expect(ticks).toEqual([tick]);
  });
});

describe('jobs that wait for machines of others', () => {
  it('run many at once, and hold up no ordinary one', async () => {
    const { jobs, worker } = bench.process();
    const release = Promise.withResolvers<void>();
    const allBegun = Promise.withResolvers<void>();
    let begun = 0;
    const waiting = defineJob<unknown>({
      name: 'test.waiting',
      lane: 'waiting',
      async run() {
        begun += 1;
        if (begun === 20) allBegun.resolve();
        await release.promise;
      },
    });
    const ordinary = recorder('test.beside-the-waiting');
    jobs.register(waiting);
    jobs.register(ordinary.task);
    await worker.start();
    for (let n = 0; n < 20; n++) await bench.enqueue(jobs, waiting, {}, { key: String(n) });
    await allBegun.promise;
    await bench.enqueue(jobs, ordinary.task);
    await ordinary.done;
    release.resolve();
    await worker.stop();
    expect(await bench.queued(waiting.name)).toEqual([]);
  });
});
