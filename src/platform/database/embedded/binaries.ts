import path from 'node:path';
import { EmbeddedPostgresError, errorMessage } from './errors.js';
import { locatePackage, restoreSymlinks, type BinaryPackage } from './package.js';
import { runAs, type RunResult } from './run-as.js';
import type { ServerUser } from './server-user.js';
import { stageBinaries } from './stage.js';

/** Programs of PostgreSQL that the server's user can run. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** Major version, as data directories name it. */
  major: string;
}

/**
 * Finds binaries that the user can run: the installed ones, else a copy in `stageDir`.
 * Throws EmbeddedPostgresError when neither runs, with the reason, or when there is no package for this machine.
 */
export async function usableBinaries(stageDir: string, user: ServerUser | undefined): Promise<Binaries> {
  const installed = locatePackage();
  tryToRestoreSymlinks(installed);
  return tryBinaries(installed.root, user) ?? (await stagedBinaries(installed, stageDir, user));
}

/** Why binaries that are there do not run; `glibc` is the C library's version, undefined for any other library. */
export function explainFailure(root: string, problem: string, glibc: string | undefined): string {
  if (process.platform === 'linux' && glibc === undefined) {
    return (
      'The embedded PostgreSQL needs glibc, and this system (Alpine?) has another C library. ' +
      'Set DATABASE_URL to a PostgreSQL 15 or newer, or use an image with glibc.'
    );
  }
  return `The embedded PostgreSQL in ${root} does not run: ${problem}. Set DATABASE_URL to use another PostgreSQL.`;
}

async function stagedBinaries(
  installed: BinaryPackage,
  stageDir: string,
  user: ServerUser | undefined,
): Promise<Binaries> {
  try {
    const root = await stageBinaries(installed, stageDir, user);
    const binaries = tryBinaries(root, user);
    if (binaries) return binaries;
    throw new Error(askVersion(root, user).problem);
  } catch (error) {
    throw new EmbeddedPostgresError(explainFailure(installed.root, errorMessage(error), glibcVersion()), {
      cause: error,
    });
  }
}

function tryBinaries(root: string, user: ServerUser | undefined): Binaries | undefined {
  const major = /\(PostgreSQL\) (\d+)/.exec(askVersion(root, user).output)?.[1];
  return major === undefined
    ? undefined
    : { initdb: program(root, 'initdb'), postgres: program(root, 'postgres'), major };
}

/** Running it is the one check that sees closed directories, missing libraries and mount options alike. */
function askVersion(root: string, user: ServerUser | undefined): RunResult {
  return runAs(user, program(root, 'postgres'), ['--version']);
}

function program(root: string, name: string): string {
  return path.join(root, 'native', 'bin', name);
}

function tryToRestoreSymlinks(installed: BinaryPackage): void {
  try {
    restoreSymlinks(installed.root);
  } catch {
    return; // a read-only node_modules; if links are missing there, the binaries do not run and are copied
  }
}

function glibcVersion(): string | undefined {
  const report: unknown = process.report.getReport();
  if (typeof report !== 'object' || report === null || !('header' in report)) return undefined;
  const { header } = report;
  if (typeof header !== 'object' || header === null || !('glibcVersionRuntime' in header)) return undefined;
  return String(header.glibcVersionRuntime);
}
