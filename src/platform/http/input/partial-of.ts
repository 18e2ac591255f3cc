import type { Type } from '@nestjs/common';
import { field, fieldsOf } from './field.js';

/**
 * The class for a PATCH: the same fields, each of which may be left out. Nothing is put in place of what is
 * left out; null stays what it is, a value for the fields that can have it.
 */
export function partialOf<T extends object>(source: Type<T>): Type<Partial<T>> {
  class PartialInput {}
  for (const [property, { rule, options }] of fieldsOf(source.prototype as object)) {
    field(rule, { ...options, optional: true, default: undefined })(PartialInput.prototype, property);
  }
  return PartialInput;
}
