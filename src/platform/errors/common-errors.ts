import { AppError } from './app-error.js';

/** One fault of the input: the field's path (`items[2].name`, or the parameter's name) and what is wrong. */
export interface FieldError {
  field: string;
  reason: string;
}

/** 400: the input breaks the contract; names the first field, and all of them in `details.errors`. */
export class InvalidInput extends AppError {
  constructor(readonly errors: readonly [FieldError, ...FieldError[]]) {
    const [first] = errors;
    super('INVALID_INPUT', `${first.field}: ${first.reason}`, {
      details: { field: first.field, reason: first.reason, errors },
      // An unknown name is the caller's own text, and may be a secret in the wrong place: the answer tells it to
      // whoever wrote it, the log tells nobody.
      reason: first.reason.startsWith('is not a known ') ? `a name ${first.reason}` : undefined,
    });
  }
}

/**
 * Reads an input that is part of something larger.
 * @returns what it reads, or every fault of it
 * @throws what is no InvalidInput
 */
export function faultsOf<T>(
  read: () => T,
): { readonly value: T } | { readonly faults: readonly [FieldError, ...FieldError[]] } {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { faults: error.errors };
  }
}

/** 404, the same for what is absent and for what belongs to somebody else. */
export class NotFound extends AppError {
  constructor(reason = 'absent') {
    super('NOT_FOUND', 'There is nothing here, or it is not yours.', { reason });
  }
}

/** 409: the object is not in a state that allows this. */
export class Conflict extends AppError {
  constructor(publicMessage: string, details?: Record<string, unknown>) {
    super('CONFLICT', publicMessage, { details });
  }
}

/** 412: `If-Match` names another version. */
export class PreconditionFailed extends AppError {
  constructor(currentEtag: string) {
    super('PRECONDITION_FAILED', 'The object has changed since you read it.', { details: { currentEtag } });
  }
}

/** 503: the database does not answer. `Retry-After` is whole seconds. */
export class DatabaseUnavailable extends AppError {
  constructor(cause?: unknown) {
    super(
      'DATABASE_UNAVAILABLE',
      'The database does not answer; repeat, with the same Idempotency-Key where you sent one.',
      {
        headers: { 'Retry-After': '1' },
        cause,
      },
    );
  }
}

/** 503: the log cannot be written. `applied` says whether the change behind the answer was made. */
export class AuditUnavailable extends AppError {
  constructor(applied: false | 'unknown', cause?: unknown) {
    super('AUDIT_UNAVAILABLE', 'The request log cannot be written, so the request cannot be answered.', {
      details: { applied },
      headers: { 'Retry-After': '1' },
      cause,
    });
  }
}
