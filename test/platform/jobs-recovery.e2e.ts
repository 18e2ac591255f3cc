import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../src/platform/database/embedded/testing/until.js';
import { clientConfig } from '../../src/platform/database/index.js';
import { Presence, reclaimJobs } from '../../src/platform/jobs/presence.js';
import { WorkerConnections } from '../../src/platform/jobs/worker-connections.js';
import { JobsBench, recorder } from './jobs-support.js';

let bench: JobsBench;

beforeAll(async () => {
  bench = await JobsBench.open();
});
afterAll(() => bench.close());

describe('a worker whose connections are cut', () => {
  it('goes on, and repeats what it could not record', async () => {
    const { jobs, worker } = bench.process();
    const rounds = Array.from({ length: 5 }, (_, round) => {
      const gate = Promise.withResolvers<void>();
      const running = recorder(`test.cut-${round}`, () => gate.promise);
      jobs.register(running.task);
      return { ...running, gate };
    });
    await worker.start();
    for (const { task, begun, done, gate } of rounds) {
      await bench.enqueue(jobs, task);
      await begun;
      expect(await bench.cutWorkers()).toBeGreaterThan(0);
      gate.resolve();
      await done;
      await until(
        async () => (await bench.queued(task.name)).length === 0,
        () => 'the job to be recorded as done',
      );
    }
    await worker.stop();
    for (const { payloads } of rounds) expect([1, 2]).toContain(payloads.length);
  });

  it('may give a connection back twice', async () => {
    const pool = new WorkerConnections({ connectionString: bench.connection.ownerUrl });
    const { promise, resolve, reject } = Promise.withResolvers<() => void>();
    pool.connect((error, _client, done) => (error ? reject(error) : resolve(done)));
    const giveBack = await promise;
    giveBack();
    expect(giveBack).not.toThrow();
    await pool.end();
  });

  it('stops in time when there has been no database all along', async () => {
    const nowhere = { url: bench.connection.url, ownerUrl: 'postgresql://nobody@127.0.0.1:1/none' };
    const { worker } = bench.process({ connection: nowhere });
    await worker.onApplicationBootstrap();
    await worker.beforeApplicationShutdown();
    await bench.disconnected();
  });
});

describe('the jobs of a worker that is gone', () => {
  it('are put back, and those of a living one are left', async () => {
    const { jobs } = bench.process();
    const { task } = recorder('test.orphans');
    jobs.register(task);
    for (const key of ['dead', 'living']) await bench.enqueue(jobs, task, {}, { key });
    await bench.owner.query(
      `UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '1 minute', locked_by = 'pool-' || key
       WHERE key LIKE 'test.orphans/%'`,
    );
    const presence = new Presence(
      clientConfig(bench.connection.ownerUrl, 'jobs'),
      'pool-test.orphans/living',
    );
    try {
      await presence.announced;
      expect(await reclaimJobs(bench.owner, 3_600)).toEqual([]);
      expect(await reclaimJobs(bench.owner, 0)).toEqual(['pool-test.orphans/dead']);
    } finally {
      await presence.withdraw();
    }
    await bench.disconnected();
    expect(await reclaimJobs(bench.owner, 0)).toEqual(['pool-test.orphans/living']);
    expect(await bench.queued('test.orphans')).toMatchObject([{ locked_by: null }, { locked_by: null }]);
  });
});
