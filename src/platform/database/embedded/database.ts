import fs from 'node:fs';
import path from 'node:path';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresError } from './errors.js';
import { initialise } from './initialise.js';
import type { Layout } from './layout.js';
import { generatePassword, readPassword, resetPassword, writePassword } from './password.js';
import type { ServerUser } from './server-user.js';

/**
 * Sees to it that there is a database which these binaries can open, and that its password is known.
 * Takes the claimed layout. Returns the superuser's password.
 * Throws EmbeddedPostgresError when the data is of another major version or cannot be made.
 */
export async function ensureDatabase(
  layout: Layout,
  binaries: Binaries,
  initdbArgs: string[],
  user: ServerUser | undefined,
): Promise<string> {
  const { dataDir, password: passwordFile } = layout;
  const major = majorVersionOf(dataDir);
  const known = readPassword(passwordFile);
  const password = known ?? generatePassword();
  if (major === undefined) {
    if (known === undefined) writePassword(passwordFile, password, user);
    await initialise(layout, binaries.initdb, password, initdbArgs, user);
    return password;
  }
  refuseOtherVersion(dataDir, major, binaries.major);
  if (known === undefined) {
    // First in the database, then in the file: a kill in between leaves no file, and this is done again.
    resetPassword(binaries.postgres, dataDir, password, user);
    writePassword(passwordFile, password, user);
  }
  return password;
}

function majorVersionOf(dataDir: string): string | undefined {
  const file = path.join(dataDir, 'PG_VERSION');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : undefined;
}

function refuseOtherVersion(dataDir: string, found: string, ours: string): void {
  if (found === ours) return;
  throw new EmbeddedPostgresError(
    `The database in ${dataDir} was made by PostgreSQL ${found}; the embedded one is ${ours} and cannot open it. ` +
      `Dump it with PostgreSQL ${found} and restore it into a new data directory.`,
  );
}
