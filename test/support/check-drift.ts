import type { DataSource, QueryRunner } from 'typeorm';
import { createDataSource } from '../../ormconfig.js';
import { socketUrl } from '../../src/platform/database/index.js';
import { prepareServer, TEMPLATE } from './prepare-server.js';

/**
 * The statements by which an empty, migrated database would have to change to fit the entities; none where
 * they agree.
 */
export async function drift(): Promise<string[]> {
  const server = await prepareServer();
  try {
    const { user, password } = server.postgres;
    const dataSource = createDataSource(socketUrl(server.postgres, user, password, TEMPLATE), 'cli');
    await dataSource.initialize();
    oneByOne(dataSource);
    try {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      return upQueries.map(({ query }) => query);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await server.stop();
  }
}

/**
 * The schema builder asks for everything at once over its one connection. node-postgres queues that, warns, and from
 * version 9 on refuses it: here each query waits for the one before.
 */
function oneByOne(dataSource: DataSource): void {
  const createQueryRunner = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode) => {
    const runner = createQueryRunner(mode);
    const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
    let last: Promise<unknown> = Promise.resolve();
    runner.query = ((...args: unknown[]) => {
      const next = last.then(() => query(...args));
      last = next.catch(() => undefined);
      return next;
    }) as QueryRunner['query'];
    return runner;
  };
}
