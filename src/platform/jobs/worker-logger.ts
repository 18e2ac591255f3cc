import { Logger as WorkerLogger, type LogLevel } from 'graphile-worker';
import type { Logger } from '../logging/index.js';

const LEVELS = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const satisfies Record<
  `${LogLevel}`,
  string
>;

/** The job queue's own log, written into ours one level lower: its daily business is of use when debugging alone. */
export function workerLogger(logger: Logger): WorkerLogger {
  return new WorkerLogger((scope) => (level, message, meta) => {
    // A failed job is told by the run itself, with its error.
    if (meta?.failure === true) return;
    logger[LEVELS[level]]({ ...scope, ...(meta?.error !== undefined && { err: meta.error }) }, message);
  });
}
