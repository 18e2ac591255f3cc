import { mkdirSync } from 'node:fs';
import { createDataSource } from '../../ormconfig.js';
import { joinDatabase } from '../boot/open-database.js';
import { loadConfig } from '../platform/config/index.js';
import { migrate, roleOf } from '../platform/database/index.js';
import { resolveDataDir } from '../platform/database/embedded/index.js';
import type { Answer } from './answer.js';

/** `gatehouse migrate`: brings the database to this program's schema, with the owner's connection. */
export async function migrateDatabase(): Promise<Answer> {
  const config = loadConfig();
  const dataDir = resolveDataDir(config.dataDir);
  if (config.databaseUrl === undefined) mkdirSync(dataDir, { recursive: true });
  const { connection, embedded } = await joinDatabase(config, dataDir);
  try {
    const owner = createDataSource(connection.ownerUrl, 'migration', 2);
    const { applied } = await migrate(owner, connection.ownerUrl, roleOf(connection.url));
    return { document: { applied }, text: migratedText(applied) };
  } finally {
    await embedded?.stop();
  }
}

function migratedText(applied: readonly string[]): string {
  if (applied.length === 0) return 'Nothing to do: every migration was applied before.';
  return ['Applied:', ...applied.map((name) => `  ${name}`)].join('\n');
}
