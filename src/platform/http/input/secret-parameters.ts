import 'reflect-metadata';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { fieldsOf } from './field.js';
import { ROUTE_ARGUMENTS } from './no-query.js';

type Class = abstract new (...args: never[]) => unknown;

const REDACTED = '…';

/**
 * The query parameters of a handler that its input classes declare as `secret`, in lower case. To be asked once per
 * route, not per request.
 */
export function secretParametersOf(controller: Class, method: string): string[] {
  const found = Reflect.getMetadata(ROUTE_ARGUMENTS, controller, method) as
    Record<string, { index: number }> | undefined;
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype as object, method) as
    (Class | undefined)[] | undefined;
  return Object.entries(found ?? {})
    .filter(([key]) => key.startsWith(`${RouteParamtypes.QUERY}:`))
    .flatMap(([, { index }]) => {
      const fields = fieldsOf((types?.[index]?.prototype ?? {}) as object);
      return [...fields]
        .filter(([, { options }]) => options.secret)
        .map(([name]) => String(name).toLowerCase());
    });
}

/**
 * A query as it may be kept: the values of secret parameters become `…`, however the name is written; the rest stays
 * as it came. @param names in lower case
 */
export function withoutSecretValues(query: string | null, names: readonly string[]): string | null {
  if (query === null || names.length === 0) return query;
  return query
    .split('&')
    .map((part) => {
      const equals = part.indexOf('=');
      if (equals === -1) return part;
      const name = part.slice(0, equals);
      return names.includes(plainName(name)) ? `${name}=${REDACTED}` : part;
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
