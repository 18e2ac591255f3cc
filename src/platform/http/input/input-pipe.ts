import 'reflect-metadata';
import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { type FieldError, InvalidInput } from '../../errors/index.js';
import { fieldErrors, MOST_ERRORS } from './input-errors.js';
import { shapeFault } from './input-shape.js';

type Source = 'body' | 'query';

const UNKNOWN: Readonly<Record<Source, string>> = {
  body: 'is not a known field',
  query: 'is not a known parameter',
};

const OPTIONAL_BODY = 'gatehouse:optional-body';

/** On an input class: a request without a body counts as one with `{}`. */
export const OptionalBody = (): ClassDecorator => (target) =>
  Reflect.defineMetadata(OPTIONAL_BODY, true, target);

/**
 * The global pipe: makes of a body or a query the class that the handler declares, or refuses it with every
 * fault it has. What the class does not declare is refused; nothing is converted but the query's text.
 */
@Injectable()
export class InputPipe implements PipeTransform {
  /** What an empty query becomes, per class; null where it is refused. A list without parameters costs nothing. */
  private readonly empty = new Map<Type<object>, object | null>();

  /** @throws InvalidInput */
  transform(value: unknown, { type, metatype, data }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || data !== undefined || !isInputClass(metatype)) return value;
    if (type === 'query' && isEmpty(value)) return this.emptyQuery(metatype);
    return readInput(metatype, value, type);
  }

  private emptyQuery(metatype: Type<object>): object {
    let template = this.empty.get(metatype);
    if (template === undefined) {
      template = fits(metatype, {}) ? readInput(metatype, {}, 'query') : null;
      this.empty.set(metatype, template);
    }
    if (template === null) return readInput(metatype, {}, 'query');
    return Object.assign(new metatype(), template);
  }
}

/**
 * Reads a value as an input class.
 * @throws InvalidInput with every fault
 */
export function readInput<T extends object>(metatype: Type<T>, value: unknown, source: Source): T {
  const given = value === undefined && Reflect.getMetadata(OPTIONAL_BODY, metatype) === true ? {} : value;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new InvalidInput([{ field: source, reason: notAnObject(given) }]);
  }
  const fault = shapeFault(given);
  if (fault) throw new InvalidInput([fault]);
  const { instance, errors } = check(metatype, given, source);
  const [first, ...others] = errors;
  if (first) throw new InvalidInput([first, ...others]);
  return instance;
}

export interface ListInput {
  readonly maxItems: number;
  /** Fields that the class does not declare are passed over, for senders who add some; default: refused. */
  readonly unknownFields?: 'ignore';
}

/**
 * Reads a body that is a list of objects, each as an input class; faults are named `[2].name`.
 * @throws InvalidInput with every fault
 */
export function readInputList<T extends object>(
  metatype: Type<T>,
  value: unknown,
  { maxItems, unknownFields }: ListInput,
): T[] {
  if (!Array.isArray(value)) throw new InvalidInput([{ field: 'body', reason: 'must be a list' }]);
  if (value.length > maxItems) {
    throw new InvalidInput([{ field: 'body', reason: `must have at most ${maxItems} items` }]);
  }
  const fault = shapeFault(value);
  if (fault) throw new InvalidInput([fault]);
  const items: T[] = [];
  const faults: FieldError[] = [];
  for (const [index, item] of (value as unknown[]).entries()) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      faults.push({ field: `[${index}]`, reason: 'must be an object' });
      continue;
    }
    const { instance, errors } = check(metatype, item, 'body', unknownFields);
    items.push(instance);
    faults.push(...errors.map(({ field, reason }) => ({ field: `[${index}].${field}`, reason })));
  }
  const [first, ...others] = faults.slice(0, MOST_ERRORS);
  if (first) throw new InvalidInput([first, ...others]);
  return items;
}

function fits(metatype: Type<object>, value: object): boolean {
  return check(metatype, value, 'query').errors.length === 0;
}

function check<T extends object>(
  metatype: Type<T>,
  value: object,
  source: Source,
  unknownFields?: 'ignore',
): { instance: T; errors: FieldError[] } {
  const instance = plainToInstance(metatype, value, {
    textual: source === 'query',
    exposeUnsetFields: false,
  });
  const faults = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: unknownFields !== 'ignore',
    forbidUnknownValues: false,
    stopAtFirstError: true,
    validationError: { target: false },
  });
  return { instance, errors: faults.length > 0 ? fieldErrors(faults, UNKNOWN[source]) : [] };
}

function notAnObject(value: unknown): string {
  if (value === undefined) return 'is missing; a JSON object is expected';
  const what = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return `must be a JSON object, not ${what}`;
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const _ in value) return false;
  return true;
}

const BUILT_IN: readonly unknown[] = [Object, Array, String, Number, Boolean, Date, Map, Set, Buffer];

function isInputClass(metatype: ArgumentMetadata['metatype']): metatype is Type<object> {
  return typeof metatype === 'function' && !BUILT_IN.includes(metatype);
}
