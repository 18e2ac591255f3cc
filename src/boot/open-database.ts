import { createHash } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import type { Config } from '../platform/config/index.js';
import { clientConfig, type DatabaseConnection, socketUrl } from '../platform/database/index.js';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresConnection,
  runningEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../platform/database/embedded/index.js';

/** The database's name, and the role that the server connects with, on the embedded PostgreSQL. */
const DATABASE = 'gatehouse';
const SERVER_ROLE = 'gatehouse';

/** A database that can be reached, and what must be stopped with the process. */
export interface OpenDatabase {
  readonly connection: DatabaseConnection;
  /** Only where this process started it. */
  readonly embedded: EmbeddedPostgres | undefined;
}

/**
 * Finds the database: the configured one, or the embedded one in `dataDir`, which is started.
 * @param dataDir where the embedded database lives, resolved
 * @throws EmbeddedPostgresError with a clear first line
 */
export async function openDatabase(config: Config, dataDir: string): Promise<OpenDatabase> {
  const configured = configuredConnection(config);
  if (configured) return { connection: configured, embedded: undefined };
  const embedded = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') });
  await ensureDatabase(embedded);
  return { connection: embeddedConnection(embedded), embedded };
}

/** The same for a tool: joins a server that another process of ours runs, before it starts one. */
export async function joinDatabase(config: Config, dataDir: string): Promise<OpenDatabase> {
  const running = config.databaseUrl ? undefined : runningEmbeddedPostgres(join(dataDir, 'postgres'));
  if (!running) return openDatabase(config, dataDir);
  return { connection: embeddedConnection(running), embedded: undefined };
}

function configuredConnection(config: Config): DatabaseConnection | undefined {
  if (config.databaseUrl === undefined) return undefined;
  return { url: config.databaseUrl, ownerUrl: config.databaseMigrationUrl ?? config.databaseUrl };
}

function embeddedConnection(server: EmbeddedPostgresConnection): DatabaseConnection {
  return {
    url: socketUrl(server, SERVER_ROLE, serverPassword(server), DATABASE),
    ownerUrl: socketUrl(server, server.user, server.password, DATABASE),
  };
}

/** The lesser role's password: made of the owner's, from which nothing leads back. */
function serverPassword(server: EmbeddedPostgresConnection): string {
  return createHash('sha256').update(`${SERVER_ROLE}:${server.password}`).digest('base64url');
}

/** Makes the database and the server's lesser role where they are missing. */
async function ensureDatabase(server: EmbeddedPostgresConnection): Promise<void> {
  const client = new pg.Client(
    clientConfig(socketUrl(server, server.user, server.password, 'postgres'), 'migration'),
  );
  await client.connect();
  try {
    const roles = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [SERVER_ROLE]);
    const verb = roles.rowCount === 0 ? 'CREATE' : 'ALTER';
    await client.query(
      `${verb} ROLE ${SERVER_ROLE} LOGIN PASSWORD ${client.escapeLiteral(serverPassword(server))}`,
    );
    const databases = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (databases.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}
