import type { FieldError } from '../../errors/index.js';

/**
 * Stands in a field's place when its value was not taken: says why, until the pipe has collected every refusal
 * of the input.
 */
export class Refused {
  readonly errors: readonly FieldError[];

  /** A reason for the field itself, or reasons for places inside it (`[2]`, `.name`). */
  constructor(reason: string | readonly FieldError[]) {
    this.errors = typeof reason === 'string' ? [{ field: '', reason }] : reason;
  }
}

/** The refusals inside a list or map, each moved below its place there. */
export function below(place: string, refused: Refused): FieldError[] {
  return refused.errors.map(({ field, reason }) => ({ field: place + field, reason }));
}
