import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError, errorCode } from './errors.js';
import { runAs } from './run-as.js';
import type { ServerUser } from './server-user.js';

/**
 * Makes a directory and those above it. What is made for another user can be passed by that user whatever the umask;
 * what exists already keeps its mode.
 */
export function makeDirectories(dir: string, user: ServerUser | undefined): void {
  if (fs.existsSync(dir)) return;
  makeDirectories(path.dirname(dir), user);
  try {
    fs.mkdirSync(dir);
    if (user) fs.chmodSync(dir, 0o755);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error; // another process is doing the same
  }
}

/** Whether the user can enter a directory; one that does not exist is judged by the nearest one above it. */
export function canEnter(user: ServerUser | undefined, dir: string): boolean {
  let nearest = path.resolve(dir);
  while (!fs.existsSync(nearest) && nearest !== path.dirname(nearest)) nearest = path.dirname(nearest);
  return runAs(user, '/bin/sh', ['-c', 'test -x "$0"', nearest]).ok;
}

/**
 * Makes the directory in which the data directory lies and checks that the server's user gets there.
 * Throws EmbeddedPostgresError naming the directory when it does not.
 */
export function prepareParent(dataDir: string, user: ServerUser | undefined): void {
  const parent = path.dirname(dataDir);
  makeDirectories(parent, user);
  if (canEnter(user, parent)) return;
  const who = user ? `PostgreSQL's user (uid ${user.uid})` : 'this user';
  throw new EmbeddedPostgresError(
    `${parent} cannot be entered by ${who}: it, or a directory above it, is closed. ` +
      'Open it (chmod o+x), choose another data directory, or set DATABASE_URL.',
  );
}
