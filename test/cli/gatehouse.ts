import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Outlet, runCommandLine } from '../../src/cli/run.js';
import type { TestDatabase } from '../support/database.js';

/** As in the applications of the tests: what the command makes must work there. */
const SECRET = 'a master secret for tests, long enough';

/** What a command left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandSettings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** The sources as this run built them. */
export function buildDirectory(): string {
  const directory = process.env['GATEHOUSE_TEST_BUILD'];
  if (directory === undefined) throw new Error('The global setup has built nothing.');
  return directory;
}

/** Runs a program of Node's with nothing of this environment but what it needs to start. */
export async function runNode(args: readonly string[], settings: CommandSettings = {}): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    env: {
      PATH: process.env['PATH'],
      HOME: tmpdir(),
      // Removed with the build. Saves each process a third of its start.
      NODE_COMPILE_CACHE: join(buildDirectory(), '.compile-cache'),
      ...settings.environment,
    },
  });
  child.stdin.end(settings.stdin ?? '');
  const [code, stdout, stderr] = await Promise.all([
    new Promise<number | null>((resolve) => child.once('close', resolve)),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

/** Runs `gatehouse` over a database, as a process of its own. */
export function gatehouse(
  database: Pick<TestDatabase, 'url' | 'ownerUrl'>,
  args: readonly string[],
  settings: CommandSettings = {},
): Promise<Ended> {
  return runNode([join(buildDirectory(), 'src/cli.js'), ...args], {
    ...settings,
    environment: { ...environmentOf(database), ...settings.environment },
  });
}

/**
 * Runs `gatehouse` over a database in this process, which spares loading the application for every command. One at a
 * time: its settings are this process's. That a command ends, and finds its own way in, only a process shows.
 */
export async function gatehouseHere(
  database: Pick<TestDatabase, 'url' | 'ownerUrl'>,
  args: readonly string[],
): Promise<Ended> {
  Object.assign(process.env, environmentOf(database));
  const stdout: string[] = [];
  const stderr: string[] = [];
  const outlet: Outlet = {
    stdout: { write: (words) => stdout.push(words) },
    stderr: { write: (words) => stderr.push(words) },
  };
  await runCommandLine(args, outlet);
  return { code: Number(outlet.exitCode ?? 0), stdout: stdout.join(''), stderr: stderr.join('') };
}

function environmentOf({ url, ownerUrl }: Pick<TestDatabase, 'url' | 'ownerUrl'>) {
  return { DATABASE_URL: url, DATABASE_MIGRATION_URL: ownerUrl, GATEHOUSE_SECRET: SECRET };
}

/** The document of a command with `--json` that succeeded. */
export async function documentOf<T>(ended: Promise<Ended>): Promise<T> {
  const { code, stdout, stderr } = await ended;
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** The code and words of a command with `--json` that failed, which left one line and nothing else. */
export async function failureOf(ended: Promise<Ended>): Promise<{ code: string; message: string }> {
  const { code, stdout, stderr } = await ended;
  if (code !== 1 || stdout !== '' || stderr.trimEnd().includes('\n')) {
    throw new Error(`expected one line and exit code 1, got ${code}: ${stdout}${stderr}`);
  }
  return (JSON.parse(stderr) as { error: { code: string; message: string } }).error;
}
