/**
 * A small application over an embedded database, run as a process of its own: it reports its events as lines of JSON
 * on standard output and ends as an application should, on SIGTERM itself first, then the database, then the process.
 * Its one argument is a ProgramOptions as JSON.
 */
import pg from 'pg';
import { resolveDataDir, startEmbeddedPostgres, type EmbeddedPostgresOptions } from '../index.js';

export interface ProgramOptions extends EmbeddedPostgresOptions {
  /** Become this user before anything else. */
  becomes?: { uid: number; gid: number };
  /** Data directory to resolve instead of taking `dataDir` as it is. */
  resolves?: { requested: string; stateDir: string };
  umask?: number;
}

const options = JSON.parse(process.argv[2] ?? '{}') as ProgramOptions;

function report(event: string, details: object = {}): void {
  process.stdout.write(`${JSON.stringify({ event, ...details })}\n`);
}

try {
  if (options.umask !== undefined) process.umask(options.umask);
  if (options.becomes) {
    // Node is started as we are, since its program may lie where that user cannot go.
    process.setgroups?.([]);
    process.setgid?.(options.becomes.gid);
    process.setuid?.(options.becomes.uid);
  }
  const { requested, stateDir } = options.resolves ?? {};
  const dataDir =
    requested === undefined ? options.dataDir : `${resolveDataDir(requested, stateDir)}/postgres`;
  const database = await startEmbeddedPostgres({ ...options, dataDir });
  const pool = new pg.Pool({ ...database, database: 'postgres' });
  pool.on('error', () => undefined);
  process.on('SIGTERM', () => {
    void (async () => {
      const { rows } = await pool.query('SELECT 1 AS still_there');
      await pool.end();
      report('closed', { rows });
      await database.stop();
      report('stopped');
      process.exit(0);
    })();
  });
  void database.exited.then((code) => report('exited', { code }));
  const { host, port, user, password, pid, logFile } = database;
  report('ready', { host, port, user, password, pid, logFile, dataDir });
  setInterval(() => undefined, 60_000);
} catch (error) {
  report('failed', { name: (error as Error).name, message: (error as Error).message });
  process.exitCode = 1;
}
