import pg from 'pg';
import { createDataSource } from '../../ormconfig.js';
import { type DatabaseConnection, migrate, socketUrl } from '../../src/platform/database/index.js';
import { startTestServer } from '../../test/support/server.js';

/** A migrated database on a PostgreSQL as it is used: every commit reaches the disk. */
export async function benchDatabase(): Promise<DatabaseConnection & { stop(): Promise<void> }> {
  const server = await startTestServer({});
  const { user, password } = server.postgres;
  const admin = new pg.Client(socketUrl(server.postgres, user, password, 'postgres'));
  await admin.connect();
  await admin.query(`CREATE ROLE gatehouse LOGIN PASSWORD ${admin.escapeLiteral(password)}`);
  await admin.query('CREATE DATABASE bench');
  await admin.end();
  const ownerUrl = socketUrl(server.postgres, user, password, 'bench');
  await migrate(createDataSource(ownerUrl, 'migration', 2), ownerUrl, 'gatehouse');
  return {
    url: socketUrl(server.postgres, 'gatehouse', password, 'bench'),
    ownerUrl,
    stop: () => server.stop(),
  };
}
