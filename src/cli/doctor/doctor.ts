import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../../ormconfig.js';
import { loadMasterSecrets } from '../../boot/master-secret.js';
import type { OpenDatabase } from '../../boot/open-database.js';
import type { Config } from '../../platform/config/index.js';
import { clientConfig } from '../../platform/database/index.js';
import { resolveDataDir } from '../../platform/database/embedded/index.js';
import type { Answer } from '../answer.js';
import { databaseExists, withDatabase } from '../database.js';
import { describeFailure } from '../errors.js';
import { clockSkew, masterSecret, migrationsApplied, postgresVersion } from './database-checks.js';
import { eventsNumbered } from './event-checks.js';
import { type Diagnosis, fail, type Finding, ok } from './finding.js';
import { logWritable, partitionsReady } from './log-checks.js';
import { configuration, freeSpace, nodeVersion } from './machine-checks.js';
import { report } from './report.js';
import { retentionKept } from './retention-checks.js';
import { appendOnly, logDoors } from './role-checks.js';

/** `gatehouse doctor`: everything that the installation stands on, from the ground up. */
export async function doctor(): Promise<Answer> {
  const diagnoses: Diagnosis[] = [];
  const add = (name: string, finding: Finding) => void diagnoses.push({ name, ...finding });
  add('node', nodeVersion());
  const { finding, config } = configuration();
  add('config', finding);
  if (config) {
    const dataDir = resolveDataDir(config.dataDir);
    await checkDatabase(config, dataDir, add);
    await attempt('disk', add, () => freeSpace(config, dataDir));
  }
  return report(diagnoses);
}

type Add = (name: string, finding: Finding) => void;

/** Runs a check; one that cannot be made has failed. */
async function attempt(name: string, add: Add, check: () => Finding | Promise<Finding>): Promise<void> {
  try {
    add(name, await check());
  } catch (error) {
    add(name, fail(describeFailure(error).message, 'Mend what stands above; then ask again.'));
  }
}

async function checkDatabase(config: Config, dataDir: string, add: Add): Promise<void> {
  if (!databaseExists(config, dataDir)) {
    return add('database', fail(`there is none in ${dataDir} yet`, 'Start the server once: npm start.'));
  }
  try {
    await withDatabase(config, dataDir, (database) => checkOpen(config, dataDir, database, add));
  } catch (error) {
    const remedy =
      config.databaseUrl === undefined
        ? 'Read its log beside the data.'
        : 'Check DATABASE_URL and DATABASE_MIGRATION_URL, and that PostgreSQL runs.';
    add('database', fail(describeFailure(error).message, remedy));
  }
}

async function checkOpen(
  config: Config,
  dataDir: string,
  { connection }: OpenDatabase,
  add: Add,
): Promise<void> {
  await reachable(connection.ownerUrl);
  const dataSource = await createDataSource(connection.url, 'cli', 2).initialize();
  try {
    add(
      'database',
      ok(
        config.databaseUrl === undefined
          ? `the embedded one in ${dataDir} answers`
          : 'it answers, to both roles',
      ),
    );
    await attempt('postgres', add, () => postgresVersion(dataSource));
    await attempt('clock', add, () => clockSkew(dataSource));
    const before = await migrationsApplied(dataSource);
    add('migrations', before);
    // Without the tables there is nothing further to look at.
    if (before.status === 'fail') return;
    await attempt('append-only', add, () => appendOnly(dataSource));
    await attempt('log-doors', add, () => logDoors(dataSource));
    await attempt('partitions', add, () => partitionsReady(dataSource));
    await attempt('retention', add, () => retentionKept(dataSource, config.auditRetentionDays));
    await attempt('events', add, () => eventsNumbered(dataSource));
    await attempt('request-log', add, () => logWritable(connection.url));
    await attempt('master-secret', add, () => checkSecret(config, dataDir, dataSource));
  } finally {
    await dataSource.destroy();
  }
}

/** The owner's connection is needed now and then alone: nobody would notice that it is wrong. */
async function reachable(url: string): Promise<void> {
  const client = new pg.Client(clientConfig(url, 'cli'));
  await client.connect();
  await client.end();
}

function checkSecret(config: Config, dataDir: string, dataSource: DataSource): Finding | Promise<Finding> {
  if (config.secret === undefined && !existsSync(join(dataDir, 'secret'))) {
    return fail(
      `the file ${join(dataDir, 'secret')} is missing: the next start makes another, and every token is refused`,
      'Bring it back from a backup before the server starts again.',
    );
  }
  return masterSecret(dataSource, loadMasterSecrets(config, dataDir));
}
