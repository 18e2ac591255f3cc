import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { giveTo, type ServerUser } from './server-user.js';

/** A unix socket's path has at most 107 bytes on Linux and 103 on macOS; this one adds the longest name of a socket. */
const MAX_BYTES = 103 - '/.s.PGSQL.65535'.length;

/** Where the server's socket lies. */
export interface SocketDirectory {
  path: string;
  /** Whether it was made for this run and goes with it. */
  temporary: boolean;
}

/**
 * The data directory itself, which only the server's user can enter; where that path is too long for a socket, a new
 * directory as closed as it among the temporary files.
 */
export function socketDirectory(dataDir: string, user: ServerUser | undefined): SocketDirectory {
  if (fits(dataDir)) return { path: dataDir, temporary: false };
  const prefix = path.join(fits(`${os.tmpdir()}/gatehouse-XXXXXX`) ? os.tmpdir() : '/tmp', 'gatehouse-');
  const dir = fs.mkdtempSync(prefix); // mode 0700
  giveTo(user, dir);
  return { path: dir, temporary: true };
}

function fits(dir: string): boolean {
  return Buffer.byteLength(dir) <= MAX_BYTES;
}
