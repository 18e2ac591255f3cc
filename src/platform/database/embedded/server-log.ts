import fs from 'node:fs';
import { giveTo, type ServerUser } from './server-user.js';

const TAIL_BYTES = 64 * 1024;

/** The end of a log file, as text for an error message: at most `count` lines, none written before byte `from`. */
export function lastLogLines(file: string, count = 10, from = 0): string {
  const fd = fs.openSync(file, 'r');
  try {
    const end = fs.fstatSync(fd).size;
    const start = Math.max(from, end - TAIL_BYTES); // a log may be large
    const buffer = Buffer.alloc(Math.max(0, end - start));
    const read = fs.readSync(fd, buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, read).trim().split('\n').slice(-count).join('\n');
  } finally {
    fs.closeSync(fd);
  }
}

/** Makes the log file if there is none; returns its size, from which on new lines are ours. */
export function prepareLog(file: string, user: ServerUser | undefined): number {
  fs.closeSync(fs.openSync(file, 'a', 0o640));
  giveTo(user, file);
  return fs.statSync(file).size;
}
