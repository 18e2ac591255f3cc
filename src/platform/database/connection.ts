import type { ClientConfig } from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';

/**
 * How to reach a database. `url` may name a unix socket's directory as `?host=/dir`.
 */
export interface DatabaseConnection {
  /** For the server and the CLI: may be the lesser role. */
  readonly url: string;
  /** The owner's: migrations, partitions, the job worker. */
  readonly ownerUrl: string;
}

/** What part of the process a connection serves; shown in pg_stat_activity. */
export type ConnectionPurpose =
  'pool' | 'admission' | 'request-log' | 'audit-leader' | 'migration' | 'jobs' | 'cli';

/**
 * Settings for one connection of ours: named, with keep-alive, and with the marker by which the change log
 * refuses a write without an actor. No plan is compiled: that costs more than most statements here do.
 */
export function clientConfig(url: string, purpose: ConnectionPurpose): ClientConfig {
  return {
    ...parseIntoClientConfig(url),
    application_name: `gatehouse ${purpose}`,
    options: '-c gatehouse.require_actor=on -c timezone=UTC -c jit=off',
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
  };
}

/** A connection URL for a server on a unix socket. */
export function socketUrl(
  server: { host: string; port: number },
  user: string,
  password: string,
  database: string,
): string {
  const params = new URLSearchParams({ host: server.host, port: String(server.port) });
  return `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@localhost/${database}?${params.toString()}`;
}

/** The role that a connection URL signs in with. */
export function roleOf(url: string): string {
  return parseIntoClientConfig(url).user ?? '';
}
