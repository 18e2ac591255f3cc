import { fromPublicId, ID_PREFIX, type IdKind } from '../../ids/index.js';
import { field, type FieldOptions, type FieldRule } from './field.js';
import { Refused } from './refused.js';
import { notText, readText, schemaPattern, type TextLimits } from './text.js';

export interface TextFieldOptions extends FieldOptions<string>, TextLimits {
  /** A JSON Schema format, where the pattern checks one, e.g. `email`. */
  format?: string;
}

/** Text. One line unless `multiline`; at least one character, and not blank, unless `min` says otherwise. */
export function TextField(options: TextFieldOptions): PropertyDecorator {
  return field(textRule({ min: 1, ...options }, options.format), options);
}

/** One of a closed list of texts, upper and lower case told apart. */
export function EnumField<T extends string>(
  options: FieldOptions<T> & { values: readonly T[] },
): PropertyDecorator {
  return field(enumRule(options.values), options);
}

/** The public id of something (`cmp_…`); the handler gets its UUID. */
export function IdField(kind: IdKind, options: FieldOptions<string>): PropertyDecorator {
  const read = (value: unknown, textual: boolean) => {
    if (typeof value !== 'string') return new Refused(notText(value, textual));
    return fromPublicId(kind, value) ?? new Refused(`must be the id of a ${kind}, ${ID_PREFIX[kind]}_…`);
  };
  return field({ read, schema: { type: 'string', pattern: idPattern(kind) } }, options);
}

/** The JSON Schema pattern of a public id. */
export function idPattern(kind: IdKind): string {
  return `^${ID_PREFIX[kind]}_[0-7][0-9a-hjkmnp-tv-z]{25}$`;
}

/** The rule behind TextField, for lists and maps of texts. */
export function textRule(limits: TextLimits, format?: string): FieldRule {
  return {
    read: (value, textual) => readText(value, limits, textual),
    schema: {
      type: 'string',
      ...(limits.min ? { minLength: limits.min } : {}),
      maxLength: limits.max,
      pattern: limits.pattern?.source ?? schemaPattern(limits),
      ...(format ? { format } : {}),
    },
  };
}

/** The rule behind EnumField. */
export function enumRule(values: readonly string[]): FieldRule {
  const known = new Set(values);
  const reason = `must be one of ${values.join(', ')}`;
  return {
    read: (value, textual) => {
      if (typeof value !== 'string') return new Refused(notText(value, textual));
      return known.has(value) ? value : new Refused(reason);
    },
    schema: { type: 'string', enum: [...values] },
  };
}
