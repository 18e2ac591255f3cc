import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Makes a new directory that every user can enter, as a database under root needs it. */
export function makeScratch(): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'gatehouse-spec-'));
  fs.chmodSync(dir, 0o755);
  return dir;
}

/** User id and group id of `nobody`. */
export function nobody(): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Whether a process exists. */
export function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
