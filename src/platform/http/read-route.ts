import 'reflect-metadata';
import { takesQuery } from './input/no-query.js';
import { loggedParametersOf } from './input/logged-query.js';
import { METADATA, type RequiresMetadata } from './decorators.js';
import type { ResourceDeclaration, RouteDeclaration } from './route-declaration.js';

type Class = abstract new (...args: never[]) => unknown;
type Handler = (...args: never[]) => unknown;

export const DEFAULT_BODY_LIMIT_BYTES = 1_048_576;

/** The resource a controller serves, if it names one. */
export function readResource(controller: Class): ResourceDeclaration | undefined {
  return Reflect.getMetadata(METADATA.resource, controller) as ResourceDeclaration | undefined;
}

/**
 * What the decorators of a route say, or undefined where it declares no scope at all: neither `@Requires` nor
 * `@Public`, or a level above `none` without a resource.
 */
export function readRoute(
  controller: Class,
  methodName: string,
  handler: Handler,
): RouteDeclaration | undefined {
  const onMethod = <T>(key: string) => Reflect.getMetadata(key, handler) as T | undefined;
  const onEither = (key: string) =>
    onMethod<boolean>(key) ?? (Reflect.getMetadata(key, controller) as boolean | undefined) ?? false;

  const isPublic = onMethod<boolean>(METADATA.public) ?? false;
  const requires = onMethod<RequiresMetadata>(METADATA.requires);
  const resource = readResource(controller);
  const operatorOnly = onEither(METADATA.operatorOnly);
  if (!isPublic && !requires) return undefined;
  if (requires && requires.level !== 'none' && !resource) return undefined;

  const level = requires?.level ?? 'none';
  return {
    operation: operationOf(handler, methodName),
    public: isPublic,
    resource: level === 'none' ? null : (resource?.name ?? null),
    level,
    selfParameter: requires?.orSelf ?? null,
    storeScoped: onEither(METADATA.storeScoped),
    operatorOnly,
    organizationWide: onEither(METADATA.organizationWide),
    evenSuspended: onMethod<boolean>(METADATA.evenSuspended) ?? false,
    free: onMethod<boolean>(METADATA.free) ?? false,
    pollable: onMethod<boolean>(METADATA.pollable) ?? false,
    bodyLimit: onMethod<number>(METADATA.bodyLimit) ?? DEFAULT_BODY_LIMIT_BYTES,
    rawBody: onMethod<boolean>(METADATA.rawBody) ?? false,
    multipart: onMethod<boolean>(METADATA.multipart) ?? false,
    takesQuery: takesQuery(controller, methodName),
    loggedParameters: loggedParametersOf(controller, methodName),
    idempotent: !isPublic && Reflect.getMetadata('method', handler) === REQUEST_METHOD_POST,
  };
}

function operationOf(handler: Handler, methodName: string): string {
  const documented = Reflect.getMetadata('swagger/apiOperation', handler) as
    { operationId?: string } | undefined;
  return documented?.operationId ?? methodName;
}

/** Nest's RequestMethod.POST. */
const REQUEST_METHOD_POST = 1;
