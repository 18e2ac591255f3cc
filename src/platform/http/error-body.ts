import { AppError, ERROR_CATALOGUE } from '../errors/index.js';

/** The one error shape of every answer. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: Readonly<Record<string, unknown>>;
    readonly requestId: string;
  };
}

/** An error as the body of an answer; nothing of its cause or stack. */
export function errorBody(error: AppError, requestId: string): ErrorBody {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(error.details ? { details: error.details } : {}),
      requestId,
    },
  };
}

/** The same as a problem document (RFC 9457), for callers that accept `application/problem+json`. */
export function problemBody(error: AppError, requestId: string): Record<string, unknown> {
  return {
    type: `urn:gatehouse:error:${error.code}`,
    title: ERROR_CATALOGUE[error.code].when,
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error.details ? { details: error.details } : {}),
    requestId,
  };
}
