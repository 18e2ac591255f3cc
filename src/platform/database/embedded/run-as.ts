import { spawnSync } from 'node:child_process';
import { errorMessage } from './errors.js';
import { serverEnvironment } from './environment.js';
import type { ServerUser } from './server-user.js';

/** What a short command did: `ok` when it ran and returned 0, `output` its standard output, `problem` why not. */
export interface RunResult {
  ok: boolean;
  output: string;
  problem: string;
}

/**
 * Runs a short command to its end as the server's user.
 * Takes the program, its arguments and what it reads on standard input. Never throws.
 */
export function runAs(user: ServerUser | undefined, program: string, args: string[], input = ''): RunResult {
  const result = spawnSync(program, args, {
    ...user,
    input,
    encoding: 'utf8',
    cwd: '/', // our own working directory may be closed to that user
    env: serverEnvironment(),
  });
  const problem = result.error ? errorMessage(result.error) : result.stderr.trim();
  return { ok: result.status === 0, output: (result.stdout ?? '').trim(), problem };
}
