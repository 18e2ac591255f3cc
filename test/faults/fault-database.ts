import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createDataSource } from '../../ormconfig.js';
import { migrate, socketUrl } from '../../src/platform/database/index.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/database/embedded/index.js';
import type { TestDatabase } from '../support/database.js';

const ROLE = 'gatehouse';
const DATABASE = 'gatehouse';

/** A migrated database on a server of its own, as safe as PostgreSQL is, that may be killed. */
export interface FaultDatabase extends TestDatabase {
  /** `kill -9` to the server and every process of its. */
  crash(): Promise<void>;
  /** Starts it again, on the same address; recovery included. */
  restart(): Promise<void>;
}

/**
 * Starts the server: PostgreSQL's own settings, so that what is committed is on the disk.
 * @param settings over those
 * @param directory where; by default a new one of its own
 */
export async function startFaultDatabase(
  settings: Record<string, string> = {},
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-fault-')),
): Promise<FaultDatabase> {
  chmodSync(directory, 0o755);
  const start = () =>
    startEmbeddedPostgres({ dataDir: join(directory, 'postgres'), settings, initdbArgs: ['--no-sync'] });
  let server = await start();
  const { user, password } = server;
  const as = (role: string, database: string) => socketUrl(server, role, password, database);

  const admin = new pg.Client(as(user, 'postgres'));
  await admin.connect();
  await admin.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD ${admin.escapeLiteral(password)}`);
  await admin.query(`CREATE DATABASE ${DATABASE}`);
  await admin.end();
  const ownerUrl = as(user, DATABASE);
  await migrate(createDataSource(ownerUrl, 'migration', 2), ownerUrl, ROLE);

  return {
    url: as(ROLE, DATABASE),
    ownerUrl,
    sql: async <Row extends pg.QueryResultRow>(text: string, parameters: unknown[] = []) => {
      const client = new pg.Client(ownerUrl);
      client.on('error', () => undefined);
      await client.connect();
      try {
        return (await client.query<Row>(text, parameters)).rows;
      } finally {
        await client.end();
      }
    },
    crash: async () => {
      killTree(server);
      await server.exited;
    },
    restart: async () => {
      server = await start();
    },
    drop: async () => {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Its sessions first: one that outlived it for a moment could still commit. */
function killTree({ pid }: EmbeddedPostgres): void {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const children = list
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child ?? 0);
  for (const each of [...children, pid]) {
    try {
      process.kill(each, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
