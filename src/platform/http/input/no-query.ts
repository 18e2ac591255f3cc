import 'reflect-metadata';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { InvalidInput } from '../../errors/index.js';
import { shortened } from './input-shape.js';

type Class = abstract new (...args: never[]) => unknown;

/** Nest's own name for what it knows of a handler's arguments. */
export const ROUTE_ARGUMENTS = '__routeArguments__';

/**
 * Whether a handler takes the query, by `@Query()`: then its input class refuses unknown parameters. Where it
 * does not, no pipe ever sees the query, and the gate refuses it with `assertNoQuery`. To be asked once per
 * route, not per request.
 */
export function takesQuery(controller: Class, method: string): boolean {
  const found = Reflect.getMetadata(ROUTE_ARGUMENTS, controller, method) as
    Record<string, unknown> | undefined;
  return Object.keys(found ?? {}).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`));
}

/** Refuses every parameter of a request whose route takes none. @throws InvalidInput */
export function assertNoQuery(query: unknown): void {
  if (typeof query !== 'object' || query === null) return;
  const [first, ...others] = Object.keys(query).slice(0, 100).map(refuse);
  if (first) throw new InvalidInput([first, ...others]);
}

const refuse = (name: string) => ({ field: shortened(name), reason: 'is not a known parameter' });
