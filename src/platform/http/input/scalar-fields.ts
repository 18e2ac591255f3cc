import type { ApiPropertyOptions } from '@nestjs/swagger';
import { field, type FieldOptions } from './field.js';
import { Refused } from './refused.js';
import { readText } from './text.js';

export type Scalar = string | number | boolean;

const MOST_CHARACTERS = 500;
const MOST_ITEMS = 100;
const REASON = `must be a text of at most ${MOST_CHARACTERS} characters, a number, true or false, or a list of such`;

/** A text, a number, true or false; or a list of at most 100 of them. */
export function ScalarsField(options: FieldOptions<Scalar | Scalar[]>): PropertyDecorator {
  return field({ read: readScalars, schema: SCALARS }, options);
}

/** An object with free names and such values; of lists, texts alone. */
export function ScalarMapField(
  options: FieldOptions<Record<string, Scalar | string[]>> & { maxEntries: number; name: RegExp },
): PropertyDecorator {
  const read = (value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return new Refused('must be an object');
    }
    const entries = Object.entries(value);
    if (entries.length > options.maxEntries) {
      return new Refused(`must have at most ${options.maxEntries} entries`);
    }
    const errors = entries.flatMap(([name, entry]) => {
      if (!options.name.test(name)) return [{ field: '', reason: 'has a name that is not of the form' }];
      const taken = readScalars(entry);
      return taken instanceof Refused ? [{ field: `.${name}`, reason: REASON }] : [];
    });
    return errors.length > 0 ? new Refused(errors) : value;
  };
  const schema = {
    type: 'object',
    additionalProperties: SCALARS,
    maxProperties: options.maxEntries,
    propertyNames: { type: 'string', pattern: options.name.source },
  };
  return field({ read, schema: schema as unknown as ApiPropertyOptions }, options);
}

function readScalars(value: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length > MOST_ITEMS) return new Refused(`must have at most ${MOST_ITEMS} items`);
    return value.every(isScalar) ? value : new Refused(REASON);
  }
  return isScalar(value) ? value : new Refused(REASON);
}

function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'string')
    return !(readText(value, { max: MOST_CHARACTERS }, false) instanceof Refused);
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

const SCALAR = [{ type: 'string', maxLength: MOST_CHARACTERS }, { type: 'number' }, { type: 'boolean' }];
const SCALARS = {
  oneOf: [...SCALAR, { type: 'array', maxItems: MOST_ITEMS, items: { oneOf: SCALAR } }],
} as ApiPropertyOptions;
