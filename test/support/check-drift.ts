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
