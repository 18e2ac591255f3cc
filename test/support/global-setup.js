import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildInto } from '../../tools/build-into.js';

/**
 * Jest does not transform its global setup, so the sources are built once, into a directory of this run's own;
 * tests that start processes use the same build (GATEHOUSE_TEST_BUILD).
 */
export default async function setup() {
  const build = buildInto(['src', 'test/support', 'ormconfig.ts']);
  const { prepareServer } = await import(
    pathToFileURL(join(build.directory, 'test/support/prepare-server.js')).href
  );
  const server = await prepareServer();
  const { host, port, user, password } = server.postgres;
  process.env.GATEHOUSE_TEST_POSTGRES = JSON.stringify({ host, port, user, password });
  process.env.GATEHOUSE_TEST_BUILD = build.directory;
  globalThis.gatehouseTestRun = { server, build };
}
