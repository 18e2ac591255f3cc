import { NestFactory } from '@nestjs/core';
import { createDataSource } from '../dist/ormconfig.js';
import { AppModule } from '../dist/src/app.module.js';
import { API_PREFIX, RouteInventory } from '../dist/src/gate/index.js';
import { loadConfig } from '../dist/src/platform/config/index.js';
import { MasterSecrets } from '../dist/src/platform/crypto/index.js';
import { Database } from '../dist/src/platform/database/index.js';
import { createLogger } from '../dist/src/platform/logging/index.js';

/** Nobody listens there, and nobody calls. */
const NOWHERE = 'postgres://nobody@127.0.0.1:1/nothing';
const SECRET = 'of no use: this application never starts';

/**
 * The built application, put together and not initialised: its routes can be read, its database is never
 * connected. Environment variables play no part.
 * @returns the application, and every route of it
 */
export async function offlineApplication() {
  const config = loadConfig({ DATABASE_URL: NOWHERE, GATEHOUSE_SECRET: SECRET, LOG_LEVEL: 'silent' });
  const foundations = {
    config,
    database: new Database(createDataSource(NOWHERE, 'pool', 1)),
    connection: { url: NOWHERE, ownerUrl: NOWHERE },
    secrets: new MasterSecrets(SECRET),
    logger: createLogger(config.logLevel),
    runsJobs: false,
  };
  const app = await NestFactory.create(AppModule.on(foundations), { logger: false, abortOnError: false });
  app.setGlobalPrefix(API_PREFIX);
  const inventory = app.get(RouteInventory);
  inventory.onModuleInit();
  return { app, routes: inventory.list() };
}
