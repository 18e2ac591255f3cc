import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { EmbeddedPostgresError } from './errors.js';
import { sudoCaller } from './environment.js';

/** The system user PostgreSQL runs as; absent (undefined) where it runs as ourselves. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** True for root. False on a platform without user ids. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * PostgreSQL refuses to run as root, so root lends it to someone who exists already: the owner of the data directory,
 * else `runAs`, else whoever called sudo, else `postgres`, else `nobody`. No system user is ever created.
 * Takes the data directory, which need not exist. Returns undefined for an ordinary user.
 * Throws EmbeddedPostgresError when root finds nobody.
 */
export function chooseServerUser(dataDir: string, runAs?: string): ServerUser | undefined {
  if (!isRoot()) return undefined;
  return ownerOf(dataDir) ?? (runAs === undefined ? unprivilegedUser() : namedUser(runAs));
}

/** The user for new data. Throws EmbeddedPostgresError when there is none. */
export function unprivilegedUser(): ServerUser {
  const user = sudoCaller() ?? lookUp('postgres') ?? lookUp('nobody');
  if (!user) {
    throw new EmbeddedPostgresError(
      'PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody". ' +
        'Start as an ordinary user, or set DATABASE_URL.',
    );
  }
  return user;
}

/** Gives a file that root made to the server's user. Does nothing where there is no such user. */
export function giveTo(user: ServerUser | undefined, file: string): void {
  if (user) fs.chownSync(file, user.uid, user.gid);
}

function namedUser(name: string): ServerUser {
  const user = lookUp(name);
  if (!user) throw new EmbeddedPostgresError(`There is no system user "${name}" to run PostgreSQL as.`);
  return user;
}

function ownerOf(dataDir: string): ServerUser | undefined {
  const stat = fs.statSync(dataDir, { throwIfNoEntry: false });
  return stat && stat.uid !== 0 ? { uid: stat.uid, gid: stat.gid } : undefined;
}

function lookUp(name: string): ServerUser | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' }));
    const user = { uid: id('-u'), gid: id('-g') };
    return user.uid === 0 ? undefined : user;
  } catch {
    return undefined; // `id` fails for an unknown name
  }
}
