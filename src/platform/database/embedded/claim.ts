import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError, errorCode } from './errors.js';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.js';
import { giveTo, type ServerUser } from './server-user.js';

/** The right to work on a data directory. */
export interface Claim {
  /** Gives it up; never throws, because a dead process's claim is void anyway. */
  release(): void;
}

/**
 * Claims a data directory for this process; one process at a time can.
 * Takes the path of the claim, a directory that holds one file named after the claim. Renaming a filled directory onto
 * it succeeds only while it is absent or empty, so of several who try, one gets it; and a dead process's claim is
 * removed by its own name, so that nobody removes a claim that was made after he looked.
 * Throws EmbeddedPostgresError naming the process that holds the claim.
 */
export function claimDataDir(ownerDir: string, dataDir: string, user: ServerUser | undefined): Claim {
  const id = `${process.pid}-${randomBytes(6).toString('hex')}`;
  const draft = `${ownerDir}-${id}`;
  fs.mkdirSync(draft);
  try {
    fs.writeFileSync(path.join(draft, id), JSON.stringify(ownIdentity()));
    giveTo(user, draft);
    while (!moveInto(draft, ownerDir)) removeDeadClaims(ownerDir, dataDir);
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  return { release: () => release(ownerDir, id) };
}

/** The live process that holds a data directory, undefined when nobody does. */
export function holderOf(ownerDir: string): ProcessIdentity | undefined {
  return claimsIn(ownerDir)
    .map((id) => readClaim(ownerDir, id))
    .find((holder) => holder !== undefined && isRunning(holder));
}

function moveInto(draft: string, ownerDir: string): boolean {
  try {
    fs.renameSync(draft, ownerDir);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

function removeDeadClaims(ownerDir: string, dataDir: string): void {
  for (const id of claimsIn(ownerDir)) {
    const holder = readClaim(ownerDir, id);
    if (holder && isRunning(holder)) {
      throw new EmbeddedPostgresError(
        `The database in ${dataDir} is in use by process ${holder.pid}. Stop that process, or use another data directory.`,
      );
    }
    fs.rmSync(path.join(ownerDir, id), { force: true });
  }
}

function claimsIn(ownerDir: string): string[] {
  return fs.existsSync(ownerDir) ? fs.readdirSync(ownerDir) : [];
}

/** Undefined when the claim has just gone or cannot be read as one. */
function readClaim(ownerDir: string, id: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(path.join(ownerDir, id), 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('started' in value))
      return undefined;
    const { pid, started } = value;
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
}

function release(ownerDir: string, id: string): void {
  try {
    fs.rmSync(path.join(ownerDir, id), { force: true });
    fs.rmdirSync(ownerDir); // fails when the next one has claimed it already, and should
  } catch {
    return;
  }
}
