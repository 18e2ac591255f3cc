import { ERROR_CATALOGUE, type ErrorCode } from './error-catalogue.js';

export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface AppErrorOptions {
  details?: ErrorDetails;
  /** Extra response headers, e.g. `Retry-After`. */
  headers?: Readonly<Record<string, string>>;
  /** Why, for the log alone; never answered. */
  reason?: string;
  cause?: unknown;
}

/**
 * An error that may be answered as it is: a code of the catalogue, a message for the public, details.
 * Whatever else is thrown is answered as INTERNAL_ERROR, without its words.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: string | undefined;

  constructor(code: ErrorCode, publicMessage: string, options: AppErrorOptions = {}) {
    super(publicMessage, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details;
    this.headers = options.headers ?? {};
    this.reason = options.reason;
  }

  /** The HTTP status that the catalogue gives this code. */
  get status(): number {
    return ERROR_CATALOGUE[this.code].status;
  }
}
