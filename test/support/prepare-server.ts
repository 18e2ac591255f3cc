import pg from 'pg';
import { createDataSource } from '../../ormconfig.js';
import { migrate, socketUrl } from '../../src/platform/database/index.js';
import { startTestServer, type TestServer, UNSAFE_SETTINGS } from './server.js';

/** The migrated database that each test file copies. */
export const TEMPLATE = 'tmpl_app';
/** The role that the tested server connects with. */
const SERVER_ROLE = 'gatehouse';

/** One PostgreSQL for the whole run, and in it the migrated template. */
export async function prepareServer(): Promise<TestServer> {
  const server = await startTestServer(UNSAFE_SETTINGS);
  const { user, password } = server.postgres;
  const admin = new pg.Client(socketUrl(server.postgres, user, password, 'postgres'));
  await admin.connect();
  await admin.query(`CREATE ROLE ${SERVER_ROLE} LOGIN PASSWORD ${admin.escapeLiteral(password)}`);
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  const url = socketUrl(server.postgres, user, password, TEMPLATE);
  await migrate(createDataSource(url, 'migration', 2), url, SERVER_ROLE);
  await admin.query(`UPDATE pg_database SET datistemplate = true WHERE datname = '${TEMPLATE}'`);
  await admin.end();
  return server;
}
