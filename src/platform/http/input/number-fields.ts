import { field, type FieldOptions } from './field.js';
import { Refused } from './refused.js';

/** Decimal digits alone: no sign but a minus, no leading zeros, no exponent, no space. */
const INTEGER_TEXT = /^(?:0|-?[1-9]\d{0,15})$/;

/** A whole number within bounds (at most 2^53 - 1). In a body a JSON number, in a query its digits. */
export function IntegerField(
  options: FieldOptions<number> & { min: number; max: number },
): PropertyDecorator {
  const { min, max } = options;
  const reason = `must be a whole number from ${min} to ${max}`;
  const read = (value: unknown, textual: boolean) => {
    if (textual && Array.isArray(value)) return new Refused('must be given once');
    const number = textual ? integerOf(value) : value;
    if (typeof number !== 'number' || !Number.isSafeInteger(number)) return new Refused(reason);
    if (number < min || number > max) return new Refused(reason);
    return number + 0; // -0 becomes 0
  };
  const format = min >= -2_147_483_648 && max <= 2_147_483_647 ? 'int32' : 'int64';
  return field({ read, schema: { type: 'integer', format, minimum: min, maximum: max } }, options);
}

/** One of a few whole numbers. In a body a JSON number, in a query its digits. */
export function IntegerChoiceField<T extends number>(
  options: FieldOptions<T> & { values: readonly T[] },
): PropertyDecorator {
  const { values } = options;
  const read = (value: unknown, textual: boolean) => {
    if (textual && Array.isArray(value)) return new Refused('must be given once');
    const number = textual ? integerOf(value) : value;
    return values.find((each) => each === number) ?? new Refused(`must be one of ${values.join(', ')}`);
  };
  return field({ read, schema: { type: 'integer', enum: [...values] } }, options);
}

/** Yes or no. In a body a JSON boolean, in a query `true` or `false`. */
export function FlagField(options: FieldOptions<boolean>): PropertyDecorator {
  const read = (value: unknown, textual: boolean) => {
    if (textual && Array.isArray(value)) return new Refused('must be given once');
    if (value === (textual ? 'true' : true)) return true;
    if (value === (textual ? 'false' : false)) return false;
    return new Refused('must be true or false');
  };
  return field({ read, schema: { type: 'boolean' } }, options);
}

function integerOf(value: unknown): number | undefined {
  return typeof value === 'string' && INTEGER_TEXT.test(value) ? Number(value) : undefined;
}
