import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createDataSource } from '../../ormconfig.js';
import { AppModule } from '../app.module.js';
import { loadMasterSecrets } from '../boot/master-secret.js';
import { loadConfig } from '../platform/config/index.js';
import { type Actor, Database } from '../platform/database/index.js';
import { resolveDataDir } from '../platform/database/embedded/index.js';
import { createLogger } from '../platform/logging/index.js';
import { withDatabase } from './database.js';
import { CommandError } from './errors.js';
import { migrationState } from '../platform/database/index.js';

/** Who the change log names for what is done at the command line. */
export const CLI_ACTOR: Actor = { type: 'system', id: 'cli' };

/** Connections of one command. */
const POOL = 2;

/**
 * Runs `work` in the application's own parts, without its HTTP server and its jobs, over the database as it is.
 * @throws CommandError where the database lacks migrations; whatever stands against reaching it
 */
export async function withApplication<T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const dataDir = resolveDataDir(config.dataDir);
  return withDatabase(config, dataDir, async ({ connection }) => {
    const dataSource = await createDataSource(connection.url, 'cli', POOL).initialize();
    try {
      const { pending } = await migrationState(dataSource);
      if (pending.length > 0) {
        throw new CommandError(
          'MIGRATIONS_PENDING',
          'The database lacks migrations: run "gatehouse migrate" first.',
        );
      }
      const foundations = {
        config,
        database: new Database(dataSource),
        connection,
        secrets: loadMasterSecrets(config, dataDir),
        logger: createLogger('silent'),
        runsJobs: false,
      };
      const app = await NestFactory.createApplicationContext(AppModule.on(foundations), {
        logger: false,
        abortOnError: false,
      });
      try {
        return await work(app);
      } finally {
        await app.close();
      }
    } finally {
      await dataSource.destroy();
    }
  });
}
