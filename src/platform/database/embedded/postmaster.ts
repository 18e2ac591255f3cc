import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EmbeddedPostgresError, errorCode } from './errors.js';

/** What PostgreSQL says of itself in `postmaster.pid`. */
export interface Postmaster {
  pid: number;
  port: number;
  socketDir: string;
  /** Whether it accepts connections. */
  ready: boolean;
}

/** Takes a data directory; returns undefined when no server left its file there, or it cannot be read. */
export function readPostmaster(dataDir: string): Postmaster | undefined {
  try {
    const lines = fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    const [pid = '', , , port = '', socketDir = '', , , status = ''] = lines;
    if (!(Number(pid) > 0)) return undefined; // negative while a server is being initialised
    return { pid: Number(pid), port: Number(port), socketDir, ready: status.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

/**
 * Whether a process is the server of this data directory, and not a stranger that got the number of one that crashed.
 * PostgreSQL's working directory is its data directory; where that cannot be seen, its command line names it.
 */
export function isServerOf(dataDir: string, pid: number): boolean {
  try {
    if (process.platform === 'linux') return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(dataDir);
    return execFileSync('/bin/ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).includes(
      dataDir,
    );
  } catch {
    return false; // no such process
  }
}

/**
 * Stops a server whose launcher was killed; its data stays. Such a server ends by itself, but we may be faster.
 * Takes a data directory that this process has claimed. Throws EmbeddedPostgresError when it does not end in time.
 */
export async function stopOrphan(dataDir: string, deadline: number): Promise<void> {
  const orphan = readPostmaster(dataDir);
  if (!orphan || !isServerOf(dataDir, orphan.pid)) return;
  try {
    process.kill(orphan.pid, 'SIGINT');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error; // ESRCH: it has just ended
  }
  while (isServerOf(dataDir, orphan.pid)) {
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        `PostgreSQL (process ${orphan.pid}) still runs on ${dataDir} and does not stop.`,
      );
    }
    await pause(10);
  }
}
