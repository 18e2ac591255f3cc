import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { joinDatabase, type OpenDatabase } from '../boot/open-database.js';
import type { Config } from '../platform/config/index.js';
import { CommandError } from './errors.js';

/** Whether there is a database to speak of: the configured one, or an embedded one that has been made. */
export function databaseExists(config: Config, dataDir: string): boolean {
  return config.databaseUrl !== undefined || existsSync(join(dataDir, 'postgres', 'PG_VERSION'));
}

/**
 * Runs `work` over the database: the configured one, the embedded one that a process of ours runs, or else the
 * embedded one started for as long as it takes.
 * @param dataDir resolved
 * @throws CommandError where there is none yet, rather than make an empty one; EmbeddedPostgresError
 */
export async function withDatabase<T>(
  config: Config,
  dataDir: string,
  work: (database: OpenDatabase) => Promise<T>,
): Promise<T> {
  if (!databaseExists(config, dataDir)) {
    throw new CommandError(
      'NO_DATABASE',
      `There is no database in ${dataDir} yet: start the server once (npm start), or set DATABASE_URL.`,
    );
  }
  const database = await joinDatabase(config, dataDir);
  try {
    return await work(database);
  } finally {
    await database.embedded?.stop();
  }
}
