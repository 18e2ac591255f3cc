import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { until } from '../../src/platform/database/embedded/testing/until.js';
import { DatabaseModule } from '../../src/platform/database/index.js';
import { Jobs, JobsModule } from '../../src/platform/jobs/index.js';
import { createLogger, LoggingModule } from '../../src/platform/logging/index.js';
import { MetricsModule } from '../../src/platform/metrics/index.js';
import { JobsBench } from './jobs-support.js';

let bench: JobsBench;

beforeAll(async () => {
  bench = await JobsBench.open();
});
afterAll(() => bench.close());

describe('the sweep of kept replies', () => {
  it('deletes the expired ones, batch by batch, in an application that runs jobs', async () => {
    await bench.owner.query(`
      INSERT INTO idempotency_replies (principal_id, idempotency_key, request_digest, status, expires_at)
      SELECT gen_random_uuid(), 'key-' || n, '\\x00', 201,
        now() + CASE WHEN n <= 4500 THEN interval '-1 minute' ELSE interval '1 hour' END
      FROM generate_series(1, 4510) AS n`);
    const module = await Test.createTestingModule({
      imports: [
        LoggingModule.with(createLogger('silent')),
        MetricsModule,
        DatabaseModule.with(bench.database, bench.connection),
        JobsModule.with({ enabled: true }),
      ],
    }).compile();
    await module.init();
    try {
      const jobs = module.get(Jobs);
      const sweep = jobs.tasks.find(({ name }) => name === 'writes.sweep-idempotency-replies');
      expect(sweep?.cron).toBe('17 * * * *');
      if (sweep) await bench.enqueue(jobs, sweep);
      await until(
        async () => (await bench.queued('writes.sweep-idempotency-replies')).length === 0,
        () => 'the sweep to be done',
      );
      const { rows } = await bench.owner.query(
        'SELECT count(*)::integer AS kept, bool_and(expires_at > now()) AS valid FROM idempotency_replies',
      );
      expect(rows).toEqual([{ kept: 10, valid: true }]);
    } finally {
      await module.close();
    }
    await bench.disconnected();
  });
});
