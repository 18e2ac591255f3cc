import { type ApiPropertyOptions } from '@nestjs/swagger';
import type { Type as Class } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ValidateIf, ValidateNested } from 'class-validator';
import type { FieldError } from '../../errors/index.js';
import { type ListLimits, sizeFault } from './collection-fields.js';
import { field, type FieldOptions } from './field.js';
import { Refused } from './refused.js';

// The API document takes a function for a late reference by its name, `type`.

/** An object with fields of its own, declared by another input class. */
export function ObjectField(type: () => Class, options: FieldOptions): PropertyDecorator {
  const read = (value: unknown, _textual: boolean, converted: unknown) =>
    isRecord(value) ? converted : new Refused('must be an object');
  const schema: ApiPropertyOptions = { type: () => type() };
  return field({ read, schema, decorators: nested(type) }, options);
}

/** A list of such objects; faults inside are named `items[2].name`. */
export function ObjectListField(type: () => Class, options: FieldOptions & ListLimits): PropertyDecorator {
  const read = (value: unknown, _textual: boolean, converted: unknown) => {
    if (!Array.isArray(value)) return new Refused('must be a list');
    const size = sizeFault(value.length, options);
    if (size) return new Refused(size);
    const errors: FieldError[] = [];
    for (const [index, entry] of value.entries()) {
      if (!isRecord(entry)) errors.push({ field: `[${index}]`, reason: 'must be an object' });
    }
    return errors.length > 0 ? new Refused(errors) : converted;
  };
  const schema = {
    type: () => type(),
    isArray: true,
    maxItems: options.maxItems,
    ...(options.minItems ? { minItems: options.minItems } : {}),
  } as ApiPropertyOptions;
  return field({ read, schema, decorators: nested(type) }, options);
}

/** An object of any JSON: what may be in it depends on something else, and is looked at by whoever knows that. */
export function JsonObjectField(options: FieldOptions<Record<string, unknown>>): PropertyDecorator {
  const read = (value: unknown) => (isRecord(value) ? value : new Refused('must be an object'));
  return field({ read, schema: { type: 'object', additionalProperties: true } }, options);
}

/**
 * A list of objects that are looked at one by one, by whoever takes them: a fault of one is no fault of the others.
 * @param type documents them
 */
export function ItemListField(type: () => Class, options: FieldOptions & ListLimits): PropertyDecorator {
  const read = (value: unknown) => {
    if (!Array.isArray(value)) return new Refused('must be a list');
    const size = sizeFault(value.length, options);
    return size ? new Refused(size) : value;
  };
  const { minItems, maxItems } = options;
  const schema = {
    type: () => type(),
    isArray: true,
    maxItems,
    ...(minItems ? { minItems } : {}),
  } as ApiPropertyOptions;
  return field({ read, schema }, options);
}

function nested(type: () => Class): PropertyDecorator[] {
  return [Type(type), ValidateNested(), ValidateIf((_, value) => value !== null)];
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
