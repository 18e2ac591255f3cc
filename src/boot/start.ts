import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createDataSource } from '../../ormconfig.js';
import { AuditLeader } from '../audit/index.js';
import { type Config, InvalidConfig, loadConfig } from '../platform/config/index.js';
import { Database, migrate, roleOf } from '../platform/database/index.js';
import {
  type EmbeddedPostgres,
  EmbeddedPostgresError,
  lastLogLines,
  resolveDataDir,
} from '../platform/database/embedded/index.js';
import { RollupKeeper } from '../analytics/index.js';
import { EventSequencer } from '../platform/events/index.js';
import { createLogger, type Logger } from '../platform/logging/index.js';
import { createApplication } from './application.js';
import { banner } from './banner.js';
import { firstStart } from './first-start.js';
import { loadMasterSecrets } from './master-secret.js';
import { openDatabase } from './open-database.js';

/** Runs the server until it is told to stop. What stands against starting is one clear text and exit code 1. */
export async function start(): Promise<void> {
  try {
    await serve(loadConfig());
  } catch (error) {
    if (error instanceof InvalidConfig || error instanceof EmbeddedPostgresError)
      console.error(error.message);
    else console.error(error);
    process.exit(1);
  }
}

async function serve(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel);
  const dataDir = resolveDataDir(config.dataDir);
  if (config.databaseUrl === undefined) mkdirSync(dataDir, { recursive: true });
  const { connection, embedded } = await openDatabase(config, dataDir);
  const stop = stopper(logger, embedded);
  try {
    const owner = createDataSource(connection.ownerUrl, 'migration', 2);
    const { applied } = await migrate(owner, connection.ownerUrl, roleOf(connection.url));
    if (applied.length > 0) logger.info({ applied }, 'the database was migrated');

    const dataSource = await createDataSource(connection.url, 'pool', config.databasePool).initialize();
    stop.before(() => dataSource.destroy());
    const app = await createApplication({
      config,
      database: new Database(dataSource),
      connection,
      secrets: loadMasterSecrets(config, dataDir),
      logger,
      runsJobs: true,
    });
    stop.before(() => app.close());
    const first = await firstStart(app, config);
    await app.listen(config.port, config.host);
    app.get(AuditLeader).start();
    app.get(EventSequencer).start();
    app.get(RollupKeeper).start();
    process.stdout.write(
      `${banner(config.publicUrl ?? addressOf(app), first, dataNote(config, dataDir, first !== undefined))}\n`,
    );
  } catch (error) {
    await stop.now();
    throw error;
  }
}

/**
 * Stops in order: the application first, which finishes and flushes; then its connections; then the database.
 * A database that ends by itself takes the process with it.
 */
function stopper(logger: Logger, embedded: EmbeddedPostgres | undefined) {
  const steps: (() => Promise<unknown>)[] = embedded ? [() => embedded.stop()] : [];
  let stopping: Promise<void> | undefined;
  const run = async () => {
    for (const step of steps.reverse()) {
      await step().catch((error: unknown) => logger.error({ err: error }, 'a part did not stop cleanly'));
    }
  };
  const now = () => (stopping ??= run());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      logger.info({ signal }, 'stopping');
      void now().then(() => process.exit(0));
    });
  }
  void embedded?.exited.then((code) => {
    if (stopping) return;
    console.error(
      `The embedded PostgreSQL ended by itself (${code}). Its last words:\n${lastLogLines(embedded.logFile)}`,
    );
    process.exit(1);
  });
  return { before: (step: () => Promise<unknown>) => void steps.push(step), now };
}

function addressOf(app: NestExpressApplication): string {
  const { address, family, port } = app.getHttpServer().address() as AddressInfo;
  const host =
    address === '0.0.0.0' || address === '::' ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}

function dataNote(config: Config, dataDir: string, isNew: boolean): string {
  if (config.databaseUrl !== undefined)
    return isNew ? 'made now, in your PostgreSQL' : 'kept, in your PostgreSQL';
  return `${isNew ? 'made now' : 'kept from before'}, in ${dataDir}`;
}
