import { types } from 'node:util';

/** What the log says of an error. */
export interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  /** SQLSTATE, a system's error code, or a code of ours. */
  readonly code?: string;
  readonly cause?: ErrorDescription;
  /** The parts of an AggregateError. */
  readonly errors?: readonly ErrorDescription[];
}

const MAX_DEPTH = 4;
const MAX_PARTS = 5;

/**
 * Describes anything that was thrown. Takes named fields alone: a database error also carries the statement's
 * parameters and the row it was about, which have no place in a log.
 */
export function describeError(thrown: unknown): ErrorDescription {
  return describe(thrown, 1);
}

function describe(thrown: unknown, depth: number): ErrorDescription {
  if (!isError(thrown)) return { type: typeof thrown, message: describeValue(thrown) };
  const code: unknown = 'code' in thrown ? thrown.code : undefined;
  const parts: unknown = 'errors' in thrown ? thrown.errors : undefined;
  const deeper = depth < MAX_DEPTH;
  return {
    type: thrown.name,
    message: thrown.message,
    stack: thrown.stack,
    ...(typeof code === 'string' && { code }),
    ...(deeper && thrown.cause !== undefined && { cause: describe(thrown.cause, depth + 1) }),
    ...(deeper &&
      Array.isArray(parts) && {
        errors: parts.slice(0, MAX_PARTS).map((part: unknown) => describe(part, depth + 1)),
      }),
  };
}

/** An error of another realm is one too. */
function isError(thrown: unknown): thrown is Error {
  return types.isNativeError(thrown) || thrown instanceof Error;
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
