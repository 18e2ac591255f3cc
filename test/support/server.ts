import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/database/embedded/index.js';

/** A PostgreSQL of the tests' own in a directory of its own. */
export interface TestServer {
  readonly postgres: EmbeddedPostgres;
  /** Stops the server and removes its data. */
  stop(): Promise<void>;
}

/** Faster than safe: for tests that do not kill the server. */
export const UNSAFE_SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  max_connections: '200',
};

/** Starts a server with these settings. */
export async function startTestServer(settings: Record<string, string>): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  // PostgreSQL may run as another user, who must pass through.
  chmodSync(directory, 0o755);
  const postgres = await startEmbeddedPostgres({
    dataDir: join(directory, 'postgres'),
    settings,
    initdbArgs: ['--no-sync'],
  });
  return {
    postgres,
    stop: async () => {
      await postgres.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
