import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig.js';
import { createTestDatabase } from '../../test/support/database.js';
import { Database } from '../platform/database/index.js';
import { Jobs } from '../platform/jobs/index.js';
import { PartitionKeeper } from './partition-keeper.js';

let server: Awaited<ReturnType<typeof createTestDatabase>>;
let dataSource: DataSource;
let database: Database;

beforeAll(async () => {
  server = await createTestDatabase();
  dataSource = await createDataSource(server.url, 'pool').initialize();
  database = new Database(dataSource);
});

afterAll(async () => {
  await dataSource.destroy();
  await server.drop();
});

/** The days that have a partition, by their distance from today. */
async function days(): Promise<number[]> {
  const rows = await database.query<{ day: number }>(`
    SELECT to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD') - (now() AT TIME ZONE 'UTC')::date AS day
    FROM pg_inherits WHERE inhparent = 'request_log'::regclass ORDER BY day`);
  return rows.map(({ day }) => day);
}

const expected = Array.from({ length: 18 }, (_, index) => index - 1);

describe('PartitionKeeper', () => {
  it('keeps yesterday, today and sixteen days ready, as the role that serves', async () => {
    const keeper = new PartitionKeeper(database, new Jobs());
    await keeper.ensure();
    expect(await days()).toEqual(expected);
    expect(await keeper.ensure()).toBe(0);
  });

  it('makes again what is missing, once, though several ask at the same time', async () => {
    const owner = await createDataSource(server.ownerUrl, 'migration').initialize();
    const [row] = await owner.query<{ name: string }[]>(`
      SELECT 'request_log_' || to_char((now() AT TIME ZONE 'UTC')::date + 16, 'YYYYMMDD') AS name`);
    await owner.query(`DROP TABLE ${row?.name}`);
    await owner.destroy();
    const one = new PartitionKeeper(database, new Jobs());
    const other = new PartitionKeeper(database, new Jobs());
    const made = await Promise.all([one.ensure(), one.ensure(), other.ensure()]);
    expect(made[0]).toBe(made[1]);
    expect((made[0] ?? 0) + (made[2] ?? 0)).toBe(1);
    expect(await days()).toEqual(expected);
  });

  it('gives up behind a long reader rather than stop every writer, and does not stay broken', async () => {
    const owner = await createDataSource(server.ownerUrl, 'migration').initialize();
    const [row] = await owner.query<{ name: string }[]>(`
      SELECT 'request_log_' || to_char((now() AT TIME ZONE 'UTC')::date + 15, 'YYYYMMDD') AS name`);
    await owner.query(`DROP TABLE ${row?.name}`);
    const keeper = new PartitionKeeper(database, new Jobs());
    await owner.transaction(async (tx) => {
      await tx.query('LOCK TABLE request_log IN ACCESS EXCLUSIVE MODE');
      await expect(keeper.ensure()).rejects.toThrow(/lock timeout/);
    });
    await owner.destroy();
    expect(await keeper.ensure()).toBe(1);
  });

  it('runs every day at ten past midnight', () => {
    const jobs = new Jobs();
    new PartitionKeeper(database, jobs).onModuleInit();
    expect(jobs.tasks).toMatchObject([{ name: 'audit.partitions', cron: '10 0 * * *' }]);
  });
});
