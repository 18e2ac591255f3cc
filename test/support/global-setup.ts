import pg from 'pg';
import { createDataSource } from '../../ormconfig.js';
import { migrate, socketUrl } from '../../src/platform/database/index.js';
import { startTestServer, type TestServer, UNSAFE_SETTINGS } from './server.js';

declare global {
  // Jest's setup and teardown share the global object, and nothing else.
  var gatehouseTestServer: TestServer | undefined;
}

/** The migrated database that each test file copies. */
export const TEMPLATE = 'tmpl_app';
/** The role that the tested server connects with. */
export const SERVER_ROLE = 'gatehouse';

/** One PostgreSQL for the whole run; each file gets a copy of the migrated template. */
export default async function setup(): Promise<void> {
  const server = await startTestServer(UNSAFE_SETTINGS);
  globalThis.gatehouseTestServer = server;
  const { user, password } = server.postgres;
  const admin = new pg.Client(socketUrl(server.postgres, user, password, 'postgres'));
  await admin.connect();
  await admin.query(`CREATE ROLE ${SERVER_ROLE} LOGIN PASSWORD ${admin.escapeLiteral(password)}`);
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  const url = socketUrl(server.postgres, user, password, TEMPLATE);
  await migrate(createDataSource(url, 'migration', 2), url, SERVER_ROLE);
  await admin.query(`UPDATE pg_database SET datistemplate = true, datallowconn = false WHERE datname = '${TEMPLATE}'`);
  await admin.end();
  process.env['GATEHOUSE_TEST_POSTGRES'] = JSON.stringify({
    host: server.postgres.host,
    port: server.postgres.port,
    user,
    password,
  });
}
