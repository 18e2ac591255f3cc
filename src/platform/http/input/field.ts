import 'reflect-metadata';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Expose, Transform } from 'class-transformer';
import { registerDecorator, type ValidationArguments } from 'class-validator';
import { Refused } from './refused.js';

declare module 'class-transformer' {
  interface ClassTransformOptions {
    /** The values come as text: from the query string. */
    textual?: boolean;
  }
}

/** What every field says of itself. */
export interface FieldOptions<T = unknown> {
  description: string;
  example?: T;
  /** May be left out. */
  optional?: boolean;
  /** May be null, which is not the same as left out. */
  nullable?: boolean;
  /** Taken when the field is left out; makes it optional. */
  default?: T;
  /** In a query: its value is in no log row, whatever it looks like. What is secret belongs into a body, where it can. */
  secret?: boolean;
}

/** How one kind of field is read, and how the API document describes it. */
export interface FieldRule {
  /**
   * Takes a value that is there and not null.
   * @param textual it comes from the query string: text, or a list of texts where the parameter is repeated
   * @param converted what class-transformer has made of it, for fields with fields of their own
   * @returns what the handler gets, or Refused
   */
  read(value: unknown, textual: boolean, converted: unknown): unknown;
  /** The JSON Schema of what is taken; nothing in it that `read` does not enforce. */
  readonly schema: ApiPropertyOptions;
  /** Further decorators, for fields with fields of their own. */
  readonly decorators?: readonly PropertyDecorator[];
}

interface DeclaredField {
  readonly rule: FieldRule;
  readonly options: FieldOptions;
}

const FIELDS = 'gatehouse:fields';

/**
 * Makes one decorator of a rule: it validates (class-validator), converts (class-transformer) and documents
 * (OpenAPI), so that the three cannot differ.
 */
export function field(rule: FieldRule, options: FieldOptions): PropertyDecorator {
  const optional = options.optional === true || options.default !== undefined;
  return (target, property) => {
    remember(target, property, { rule, options });
    describe(rule, options, optional)(target, property);
    for (const decorate of rule.decorators ?? []) decorate(target, property);
    // Visited although absent, so that the default is taken.
    if (options.default !== undefined) Expose()(target, property);
    Transform(({ value, key, obj, options: { textual } }) => {
      const raw = (obj as Record<string, unknown>)[key];
      if (raw === undefined) return options.default;
      if (raw === null) return options.nullable ? null : new Refused('must not be null');
      return rule.read(raw, textual === true, value);
    })(target, property);
    registerDecorator({
      name: 'field',
      target: target.constructor,
      propertyName: property as string,
      validator: {
        validate: (value: unknown) => (value === undefined ? optional : !(value instanceof Refused)),
        defaultMessage: (given?: ValidationArguments) =>
          given?.value instanceof Refused ? 'is not accepted' : 'is required',
      },
    });
  };
}

/** Every field that a class declares, its ancestors' first. */
export function fieldsOf(prototype: object): Map<string | symbol, DeclaredField> {
  const parent = Object.getPrototypeOf(prototype) as object | null;
  const own = Reflect.getOwnMetadata(FIELDS, prototype) as Map<string | symbol, DeclaredField> | undefined;
  return new Map([...(parent ? fieldsOf(parent) : []), ...(own ?? [])]);
}

function remember(target: object, property: string | symbol, declared: DeclaredField): void {
  let own = Reflect.getOwnMetadata(FIELDS, target) as Map<string | symbol, DeclaredField> | undefined;
  if (!own) {
    own = new Map();
    Reflect.defineMetadata(FIELDS, own, target);
  }
  own.set(property, declared);
}

function describe(rule: FieldRule, options: FieldOptions, optional: boolean): PropertyDecorator {
  return ApiProperty({
    ...rule.schema,
    ...(options.secret ? { format: 'password' } : {}),
    description: options.description,
    required: !optional,
    ...(options.nullable ? { nullable: true } : {}),
    ...(options.default !== undefined ? { default: options.default } : {}),
    ...(options.example !== undefined ? { example: options.example } : {}),
  } as ApiPropertyOptions);
}
