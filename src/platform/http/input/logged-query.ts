import 'reflect-metadata';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { fieldsOf } from './field.js';
import { ROUTE_ARGUMENTS } from './no-query.js';

type Class = abstract new (...args: never[]) => unknown;

const REDACTED = '…';

/** What may be a parameter's name, known or not; anything else in its place may be a value. */
const NAME = /^[A-Za-z_.[\]]{1,60}$/;

/**
 * The query parameters of a handler whose values may be logged, in lower case: those that its input classes declare,
 * and not as `secret`. To be asked once per route, not per request.
 */
export function loggedParametersOf(controller: Class, method: string): Set<string> {
  const found = Reflect.getMetadata(ROUTE_ARGUMENTS, controller, method) as
    Record<string, { index: number }> | undefined;
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype as object, method) as
    (Class | undefined)[] | undefined;
  const names = Object.entries(found ?? {})
    .filter(([key]) => key.startsWith(`${RouteParamtypes.QUERY}:`))
    .flatMap(([, { index }]) => {
      const fields = fieldsOf((types?.[index]?.prototype ?? {}) as object);
      return [...fields]
        .filter(([, { options }]) => !options.secret)
        .map(([name]) => String(name).toLowerCase());
    });
  return new Set(names);
}

/**
 * A query as it may be kept: values of parameters that are secret, or that the route does not know, become `…`,
 * however the name is written. What a caller put where nothing belongs may be a password, and has no shape to
 * recognise it by. The rest stays as it came.
 * @param logged names in lower case
 */
export function loggedQuery(query: string | null, logged: ReadonlySet<string>): string | null {
  if (query === null) return null;
  return query
    .split('&')
    .map((part) => {
      const equals = part.indexOf('=');
      const name = equals === -1 ? part : part.slice(0, equals);
      if (part === '' || logged.has(plainName(name))) return part;
      return equals === -1 || !NAME.test(name) ? REDACTED : `${name}=${REDACTED}`;
    })
    .join('&');
}

/** A name without escapes, and without the brackets of a list. */
function plainName(written: string): string {
  let name = written.replaceAll('+', ' ');
  try {
    name = decodeURIComponent(name);
  } catch {
    // what is no escape stands for itself
  }
  return name.replace(/\[.*$/s, '').trim().toLowerCase();
}
