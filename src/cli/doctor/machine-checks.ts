import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Config, InvalidConfig, loadConfig } from '../../platform/config/index.js';
import { fail, type Finding, ok, warn } from './finding.js';

const MEBIBYTE = 1024 * 1024;
const FREE_WARN_BYTES = 2 * 1024 * MEBIBYTE;
const FREE_FAIL_BYTES = 200 * MEBIBYTE;

/** An older Node does not come this far; the line says which one it is. */
export function nodeVersion(): Finding {
  return ok(`Node ${process.versions.node}`);
}

/** Whether the environment is usable; the settings where it is. */
export function configuration(): { finding: Finding; config: Config | undefined } {
  try {
    const config = loadConfig();
    const where =
      config.databaseUrl === undefined ? 'the embedded PostgreSQL' : 'the PostgreSQL of DATABASE_URL';
    return { finding: ok(`the settings are usable, with ${where}`), config };
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    const finding = fail(error.problems.join('; '), 'Set these variables as docs/guides/operations.md says.');
    return { finding, config: undefined };
  }
}

/** Whether the disk under the embedded database has room. @param dataDir resolved */
export function freeSpace(config: Config, dataDir: string): Finding {
  if (config.databaseUrl !== undefined) return ok('the data is in your PostgreSQL: watch the disk there');
  const { bavail, bsize } = statfsSync(nearestExisting(dataDir));
  const free = bavail * bsize;
  const words = `${(free / MEBIBYTE / 1024).toFixed(1)} GiB free for ${dataDir}`;
  const remedy = 'Make room: on a full disk nothing can be logged, and every request is answered 503.';
  if (free < FREE_FAIL_BYTES) return fail(words, remedy);
  return free < FREE_WARN_BYTES ? warn(words, remedy) : ok(words);
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}
