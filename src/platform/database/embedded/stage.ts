import { cp, readdir } from 'node:fs/promises';
import fs from 'node:fs';
import path from 'node:path';
import { makeDirectories } from './directories.js';
import { errorCode } from './errors.js';
import { restoreSymlinks, type BinaryPackage } from './package.js';
import type { ServerUser } from './server-user.js';

/**
 * Copies the binaries to where the server's user can run them: the installed ones may lie under a closed directory, or
 * lack their symbolic links in a directory that nobody may write to.
 * Takes the package and the directory for copies, which is made. Returns the root of the copy, made once per version;
 * a copy that was cut short is never taken for a whole one. Throws when it cannot write.
 */
export async function stageBinaries(
  source: BinaryPackage,
  stageDir: string,
  user: ServerUser | undefined,
): Promise<string> {
  const staged = path.join(stageDir, source.label);
  if (fs.existsSync(staged)) return staged;
  makeDirectories(stageDir, user);
  const draft = fs.mkdtempSync(path.join(stageDir, 'copy-'));
  try {
    await cp(path.join(source.root, 'native'), path.join(draft, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      mode: fs.constants.COPYFILE_FICLONE, // costs nothing where the file system can share blocks
    });
    await openToAll(draft);
    restoreSymlinks(draft);
    moveInto(draft, staged);
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
  return staged;
}

/** Whatever the umask was when they were installed; and a copy of a read-only directory is read-only too. */
async function openToAll(dir: string): Promise<void> {
  fs.chmodSync(dir, 0o755);
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) fs.chmodSync(path.join(entry.parentPath, entry.name), 0o755);
  }
}

function moveInto(draft: string, staged: string): void {
  try {
    fs.renameSync(draft, staged);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error; // another process was faster
  }
}
