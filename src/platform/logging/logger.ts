import { type DestinationStream, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
import { describeError } from './describe-error.js';
import { scrub } from './scrub.js';

/**
 * The process's log: one JSON object a line, on standard output unless told otherwise. Every finished line is
 * scrubbed, so that no field of it, message, error, stack or binding, carries a secret.
 * @param level the lowest level that is written
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
    hooks: { streamWrite: scrub },
  };
  return destination ? pino(options, destination) : pino(options);
}
