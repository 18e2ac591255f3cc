import type { ApiPropertyOptions } from '@nestjs/swagger';
import type { FieldError } from '../../errors/index.js';
import { field, type FieldOptions, type FieldRule } from './field.js';
import { below, Refused } from './refused.js';
import { readText, type TextLimits } from './text.js';
import { enumRule, textRule } from './text-fields.js';

export interface ListLimits {
  /** Fewest and most items. */
  minItems?: number;
  maxItems: number;
  /** No item twice. */
  unique?: boolean;
}

/** A list of texts. In a query the parameter is repeated, once per item. */
export function TextListField(
  options: FieldOptions<string[]> & ListLimits & { item: TextLimits },
): PropertyDecorator {
  return field(listRule(textRule({ min: 1, ...options.item }), options), options);
}

/** A list of values from a closed list. */
export function EnumListField<T extends string>(
  options: FieldOptions<T[]> & ListLimits & { values: readonly T[] },
): PropertyDecorator {
  return field(listRule(enumRule(options.values), options), options);
}

export interface MapLimits {
  maxEntries: number;
  /** What a name may be; one line of 1 to 100 characters by default. */
  name?: TextLimits;
}

/** An object with free names and texts as values. */
export function TextMapField(
  options: FieldOptions<Record<string, string>> & MapLimits & { value: TextLimits },
): PropertyDecorator {
  return field(mapRule(textRule(options.value), options), options);
}

/** An object with free names and values from a closed list. */
export function EnumMapField<T extends string>(
  options: FieldOptions<Record<string, T>> & MapLimits & { values: readonly T[] },
): PropertyDecorator {
  return field(mapRule(enumRule(options.values), options), options);
}

function listRule(item: FieldRule, limits: ListLimits): FieldRule {
  const read = (value: unknown, textual: boolean) => {
    const list: unknown = textual && typeof value === 'string' ? [value] : value;
    if (!Array.isArray(list)) return new Refused('must be a list');
    const size = sizeFault(list.length, limits);
    if (size) return new Refused(size);
    const errors: FieldError[] = [];
    const seen = new Set<unknown>();
    for (const [index, entry] of list.entries()) {
      const taken = item.read(entry, false, entry);
      if (taken instanceof Refused) errors.push(...below(`[${index}]`, taken));
      else if (limits.unique && seen.has(taken))
        errors.push({ field: `[${index}]`, reason: 'is there twice' });
      seen.add(taken);
    }
    return errors.length > 0 ? new Refused(errors) : list;
  };
  const schema = {
    type: 'array',
    items: item.schema,
    ...(limits.minItems ? { minItems: limits.minItems } : {}),
    maxItems: limits.maxItems,
    ...(limits.unique ? { uniqueItems: true } : {}),
  } as ApiPropertyOptions;
  return { read, schema };
}

/** Why a list of that many items is not taken, if so. */
export function sizeFault(count: number, { minItems = 0, maxItems }: ListLimits): string | undefined {
  if (count > maxItems) return `must have at most ${maxItems} items`;
  if (count < minItems) return `must have at least ${minItems} ${minItems === 1 ? 'item' : 'items'}`;
  return undefined;
}

function mapRule(item: FieldRule, limits: MapLimits): FieldRule {
  const name = { min: 1, max: 100, ...limits.name };
  const read = (value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return new Refused('must be an object');
    }
    const entries = Object.entries(value);
    if (entries.length > limits.maxEntries)
      return new Refused(`must have at most ${limits.maxEntries} entries`);
    const errors: FieldError[] = [];
    for (const [key, entry] of entries) {
      const badName = readText(key, name, false);
      const taken = badName instanceof Refused ? badName : item.read(entry, false, entry);
      if (taken instanceof Refused) errors.push(...below(`.${key}`, taken));
    }
    return errors.length > 0 ? new Refused(errors) : value;
  };
  const schema = {
    type: 'object',
    additionalProperties: item.schema,
    maxProperties: limits.maxEntries,
    propertyNames: textRule(name).schema,
  };
  return { read, schema: schema as unknown as ApiPropertyOptions };
}
