import { AppError, Conflict } from '../platform/errors/index.js';

/** 409: the store has as many active keys as its plan allows. */
export class KeyLimitReached extends AppError {
  constructor(limit: number) {
    super('KEY_LIMIT_REACHED', `The store has ${limit} active keys, as many as its plan allows.`, {
      details: { limit },
    });
  }
}

/** 409: what is no longer active cannot be rotated or given another end. */
export class KeyNotActive extends Conflict {
  constructor(status: 'revoked' | 'expired') {
    super(`The key is ${status}.`, { status });
  }
}

/** 409: too many of the key's secrets still work to give it one more. */
export class TooManySecrets extends Conflict {
  constructor(limit: number) {
    super(
      `${limit} secrets of the key still work: wait until one has ended, or rotate without grace, which ends them all.`,
      { limit },
    );
  }
}
