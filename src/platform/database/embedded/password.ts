import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { EmbeddedPostgresError, errorCode } from './errors.js';
import { runAs } from './run-as.js';
import { giveTo, type ServerUser } from './server-user.js';

/** The database's superuser: it migrates, and makes the lesser role that the server connects with. */
export const SUPERUSER = 'postgres';

/** Takes the password file; returns undefined when there is none. Throws when it may not be read. */
export function readPassword(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** 192 random bits, in characters that need no quoting anywhere. */
export function generatePassword(): string {
  return randomBytes(24).toString('base64url');
}

/** Writes the password file whole or not at all, for its owner's eyes only. */
export function writePassword(file: string, password: string, user: ServerUser | undefined): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  fs.writeFileSync(draft, password, { mode: 0o600, flag: 'wx' });
  giveTo(user, draft);
  fs.renameSync(draft, file);
}

/**
 * Sets the superuser's password without knowing the old one: the password file is not part of the data, so data that
 * was restored or moved may have lost it. Takes a data directory without a running server.
 * Throws EmbeddedPostgresError with PostgreSQL's complaint.
 */
export function resetPassword(
  postgres: string,
  dataDir: string,
  password: string,
  user: ServerUser | undefined,
): void {
  const statement = `ALTER ROLE ${SUPERUSER} PASSWORD '${password}';\n`;
  const result = runAs(user, postgres, ['--single', '-j', '-D', dataDir, 'postgres'], `${statement}\n`);
  // Single-user mode returns 0 even when the statement fails.
  if (result.ok && !result.problem.includes('ERROR')) return;
  throw new EmbeddedPostgresError(
    `The password of the database in ${dataDir} cannot be set anew:\n${result.problem}`,
  );
}
