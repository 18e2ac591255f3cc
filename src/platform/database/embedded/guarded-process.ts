import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { Socket } from 'node:net';
import { serverEnvironment } from './environment.js';
import type { ServerUser } from './server-user.js';

/**
 * Runs a program and interrupts it when standard input ends. We hold the other end, so it ends when we say so, and
 * also when we die in whatever way, `kill -9` included: the kernel closes it for us.
 *
 * $1 is a directory to remove afterwards (or empty), the rest is the program and its arguments.
 */
const GUARD = `
  scratch=$1; shift
  exec 3<&0
  "$@" </dev/null >&2 3<&- &
  program=$!
  echo $program
  (read -r _ <&3; kill -INT $program) >/dev/null 2>&1 &
  watch=$!
  exec 3<&-
  wait $program
  code=$?
  kill $watch 2>/dev/null
  if [ -n "$scratch" ]; then rm -f "$scratch"/.s.PGSQL.*; rmdir "$scratch"; fi
  exit $code
`;

/** A program that does not outlive us. */
export interface GuardedProcess {
  /** Process id of the program, once it is known. */
  pid: number | undefined;
  /** Whether it has ended. */
  over: boolean;
  /** Settles with the exit code of the program; null when the guard was killed or could not be started. */
  exited: Promise<number | null>;
  /** Interrupts the program (SIGINT: PostgreSQL's fast shutdown). */
  end(): void;
  /** Lets this process end without waiting for the program, which then ends too. */
  letGo(): void;
}

export interface GuardOptions {
  user: ServerUser | undefined;
  /** File that output is appended to. */
  logFile: string;
  /** Directory of sockets to remove when the program has ended. */
  scratchDir?: string;
}

/** Starts a program under guard. Does not throw: one that cannot be started ends at once, and the log says why. */
export function startGuarded(command: string[], { user, logFile, scratchDir }: GuardOptions): GuardedProcess {
  const log = fs.openSync(logFile, 'a');
  const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', scratchDir ?? '', ...command], {
    ...user,
    cwd: '/', // our own working directory may be closed to that user
    env: serverEnvironment(),
    detached: true, // Ctrl-C in a terminal reaches us alone; we close the application before the database
    stdio: ['pipe', 'pipe', log],
  });
  fs.closeSync(log);
  guard.stdin?.on('error', () => undefined); // the guard may end before us

  const running: GuardedProcess = {
    pid: undefined,
    over: false,
    exited: new Promise((resolve) => {
      const settle = (code: number | null) => {
        running.over = true;
        resolve(code);
      };
      guard.once('exit', settle);
      guard.once('error', (error) => {
        fs.appendFileSync(logFile, `${error.message}\n`);
        settle(null);
      });
    }),
    end() {
      guard.ref();
      guard.stdin?.end();
    },
    letGo() {
      guard.unref();
      guard.stdout?.destroy();
      if (guard.stdin instanceof Socket) guard.stdin.unref();
    },
  };
  guard.stdout?.once('data', (line: Buffer) => (running.pid = Number.parseInt(line.toString(), 10)));
  return running;
}
