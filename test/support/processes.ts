import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseConnection } from '../../src/platform/database/index.js';

/** The master secret that every process of a test shares; the same as the in-process application's. */
export const TEST_SECRET = 'a master secret for tests, long enough';

export interface ServerOptions {
  /** Port to listen on; by default a free one. */
  port?: number;
  /** Environment variables over the tests' own. */
  environment?: Record<string, string>;
  /** Program to start, within the build; by default the real one. */
  entry?: string;
  /** How long it may take to get ready, in milliseconds. */
  timeoutMs?: number;
}

/** A real server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Everything it has printed, on either stream. */
  output(): string;
  /** `kill -9`; settles when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; settles with its exit code. */
  stop(): Promise<number | null>;
  /** Settles with the exit code, null after a signal. */
  readonly exited: Promise<number | null>;
}

const started = new Set<ChildProcess>();
// Whatever happens to the test, its processes do not outlive it.
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/**
 * Starts one server over a database and waits until it is ready.
 * @throws with all it printed, where it ends before that or is not ready in time
 */
export async function startServer(
  database: DatabaseConnection,
  options: ServerOptions = {},
): Promise<ServerProcess> {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-process-'));
  const child = spawn(process.execPath, [join(builtSources(), options.entry ?? 'src/main.js')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      PORT: String(options.port ?? 0),
      DATABASE_URL: database.url,
      DATABASE_MIGRATION_URL: database.ownerUrl,
      GATEHOUSE_DATA_DIR: home,
      GATEHOUSE_SECRET: TEST_SECRET,
      GATEHOUSE_ADMIN_PASSWORD: 'a password for tests',
      LOG_LEVEL: 'warn',
      ...options.environment,
    },
  });
  started.add(child);
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  const output = () => printed.join('');
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      started.delete(child);
      rmSync(home, { recursive: true, force: true });
      resolve(code);
    });
  });
  try {
    const url = await untilReady(child, output, options.timeoutMs ?? 90_000);
    return {
      url,
      pid: child.pid ?? 0,
      output,
      exited,
      kill: async () => {
        child.kill('SIGKILL');
        await exited;
      },
      stop: () => {
        child.kill('SIGTERM');
        return exited;
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    await exited;
    throw error;
  }
}

/** Starts several at once over one database. */
export async function startServers(
  count: number,
  database: DatabaseConnection,
  options: ServerOptions = {},
): Promise<ServerProcess[]> {
  const results = await Promise.allSettled(
    Array.from({ length: count }, () => startServer(database, options)),
  );
  const servers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = results.find((result) => result.status === 'rejected');
  if (!failure) return servers;
  await killAll(servers);
  throw failure.reason;
}

/** `kill -9` to all of them. */
export async function killAll(servers: readonly ServerProcess[]): Promise<void> {
  await Promise.all(servers.map((server) => server.kill()));
}

/** Where the sources are built, once per run. */
function builtSources(): string {
  const build = process.env['GATEHOUSE_TEST_BUILD'];
  if (build === undefined) throw new Error('GATEHOUSE_TEST_BUILD does not say where the sources are built.');
  return build;
}

async function untilReady(child: ChildProcess, output: () => string, timeoutMs: number): Promise<string> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const url = /is listening on (\S+)/.exec(output())?.[1];
    if (url !== undefined && (await isReady(url))) return url;
    await pause(10);
  }
  throw new Error(`The server did not get ready:\n${output()}`);
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
