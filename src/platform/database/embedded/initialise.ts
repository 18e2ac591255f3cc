import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError, errorCode } from './errors.js';
import { startGuarded } from './guarded-process.js';
import type { Layout } from './layout.js';
import { SUPERUSER } from './password.js';
import { lastLogLines } from './server-log.js';
import { giveTo, type ServerUser } from './server-user.js';

/** Sorts and compares by code point whatever the machine's locale, so that data means the same everywhere. */
const LOCALE_ARGS = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

/**
 * Makes a new database aside and moves it into place in one step, so that a kill at any moment leaves either nothing
 * or a whole database.
 * Takes the claimed layout, whose data directory is absent or empty. Throws EmbeddedPostgresError with the last lines
 * of initdb, or when the directory has other files in it.
 */
export async function initialise(
  layout: Layout,
  initdb: string,
  password: string,
  extraArgs: string[],
  user: ServerUser | undefined,
): Promise<void> {
  refuseForeignFiles(layout.dataDir);
  removeDrafts(layout.draftPrefix);
  const draft = fs.mkdtempSync(layout.draftPrefix); // mode 0700
  giveTo(user, draft);
  try {
    const passwordFile = path.join(draft, 'password');
    fs.writeFileSync(passwordFile, password, { mode: 0o600 });
    giveTo(user, passwordFile);
    const data = path.join(draft, 'data');
    const access = [`--username=${SUPERUSER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    await runInitdb([initdb, '-D', data, ...access, ...LOCALE_ARGS, ...extraArgs], layout, user);
    fs.renameSync(data, layout.dataDir);
    syncDirectory(path.dirname(layout.dataDir));
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

async function runInitdb(command: string[], layout: Layout, user: ServerUser | undefined): Promise<void> {
  const from = fs.statSync(layout.log).size;
  const code = await startGuarded(command, { user, logFile: layout.log }).exited;
  if (code === 0) return;
  throw new EmbeddedPostgresError(
    `initdb failed for ${layout.dataDir}:\n${lastLogLines(layout.log, 10, from)}`,
  );
}

function refuseForeignFiles(dataDir: string): void {
  if (!fs.existsSync(dataDir) || fs.readdirSync(dataDir).length === 0) return;
  throw new EmbeddedPostgresError(
    `${dataDir} has files in it that are not a PostgreSQL database. Choose another data directory, or empty it.`,
  );
}

/** What a killed initdb left. */
function removeDrafts(prefix: string): void {
  const dir = path.dirname(prefix);
  for (const name of fs.readdirSync(dir).filter((entry) => entry.startsWith(path.basename(prefix)))) {
    try {
      fs.rmSync(path.join(dir, name), { recursive: true, force: true });
    } catch (error) {
      // That initdb is still writing its last; the next new database takes it away.
      if (errorCode(error) !== 'ENOTEMPTY') throw error;
    }
  }
}

/** Makes the new name survive a power cut; the files themselves were synced by initdb. */
function syncDirectory(dir: string): void {
  const fd = fs.openSync(dir, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
