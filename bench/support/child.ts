import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of the benchmark's own. */
export interface Child {
  /** What it said when it was ready. */
  readonly ready: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts a compiled file beside the caller's and waits until it says that it is ready. */
export function startChild(file: URL, environment: Record<string, string>): Promise<Child> {
  const child = fork(fileURLToPath(file), { env: { ...process.env, ...environment } });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${file.pathname} ended with ${code}`)));
    child.once('message', (ready) =>
      resolve({ ready: ready as Record<string, string>, stop: () => stop(child) }),
    );
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
