import {
  applyDecorators,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  SetMetadata,
} from '@nestjs/common';
import type { Request } from 'express';
import type { Level } from './levels.js';
import { contextOf } from './request-context.js';
import type { ResourceDeclaration } from './route-declaration.js';

export const METADATA = {
  public: 'gatehouse:public',
  requires: 'gatehouse:requires',
  resource: 'gatehouse:resource',
  storeScoped: 'gatehouse:store-scoped',
  operatorOnly: 'gatehouse:operator-only',
  organizationWide: 'gatehouse:organization-wide',
  evenSuspended: 'gatehouse:even-suspended',
  free: 'gatehouse:free',
  pollable: 'gatehouse:pollable',
  bodyLimit: 'gatehouse:body-limit',
  rawBody: 'gatehouse:raw-body',
  multipart: 'gatehouse:multipart',
} as const;

export interface RequiresOptions {
  /** A key may always use the route on itself; the path parameter that names it, e.g. `id`. */
  orSelf?: string;
}

export interface RequiresMetadata {
  readonly level: Level;
  readonly orSelf: string | null;
}

/**
 * The level of the controller's resource that a route needs. `none` asks for a principal and no grant.
 * A route with neither `@Requires` nor `@Public` stops the boot.
 */
export const Requires = (level: Level, options: RequiresOptions = {}): MethodDecorator =>
  SetMetadata(METADATA.requires, { level, orSelf: options.orSelf ?? null } satisfies RequiresMetadata);

/** A route for everybody, without key or session. */
export const Public = (): MethodDecorator => SetMetadata(METADATA.public, true);

/** The resource that a controller serves, and, in one place per resource, what the registry should know of it. */
export const Resource = (
  name: string,
  description: Partial<Omit<ResourceDeclaration, 'name'>> = {},
): ClassDecorator =>
  SetMetadata(METADATA.resource, {
    name,
    label: description.label ?? labelOf(name),
    highest: description.highest ?? 'write',
    relates: description.relates ?? [],
  } satisfies ResourceDeclaration);

/** Operators alone may use the route: the people who run the installation. */
export const OperatorOnly = (): MethodDecorator & ClassDecorator => SetMetadata(METADATA.operatorOnly, true);

/** The routes concern the whole organization: members and live keys alone, never test keys. */
export const OrganizationWide = (): MethodDecorator & ClassDecorator =>
  SetMetadata(METADATA.organizationWide, true);

/** Members of a suspended organization may use the route, too: it gives nothing, it only ends something. */
export const EvenSuspended = (): MethodDecorator => SetMetadata(METADATA.evenSuspended, true);

/** The route costs no quota; the credential is still checked against the database. */
export const Free = (): MethodDecorator => SetMetadata(METADATA.free, true);

/** The polling interval does not apply to the route. */
export const Pollable = (): MethodDecorator => SetMetadata(METADATA.pollable, true);

/** The largest body that a route takes, in bytes (default 1 MiB). */
export const BodyLimit = (bytes: number): MethodDecorator => SetMetadata(METADATA.bodyLimit, bytes);

/**
 * The route gets its body as the bytes that came (`context.rawBody`), and parses it itself: for signatures, which
 * are checked before a stranger can make us parse.
 */
export const RawBody = (): MethodDecorator => SetMetadata(METADATA.rawBody, true);

/**
 * The route takes multipart/form-data, and reads it itself (`readMultipart`): a file streams through to wherever it
 * goes, with the gate behind it and the log in order.
 */
export const Multipart = (): MethodDecorator => SetMetadata(METADATA.multipart, true);

/**
 * A controller whose routes work in one store: mounts `/stores/:storeId/<path>`, and `/<path>` for the key's
 * own store.
 */
export const StoreController = (path: string): ClassDecorator =>
  applyDecorators(Controller([`stores/:storeId/${path}`, path]), SetMetadata(METADATA.storeScoped, true));

/** The request's context, as a handler's argument. */
export const Context = createParamDecorator((_: unknown, host: ExecutionContext) =>
  contextOf(host.switchToHttp().getRequest<Request>()),
);

/** The store a route works in (a StoreScope), as a handler's argument. */
export const Store = createParamDecorator(
  (_: unknown, host: ExecutionContext) => contextOf(host.switchToHttp().getRequest<Request>()).storeScope,
);

function labelOf(name: string): string {
  const words = name.slice(name.indexOf('.') + 1).split('-');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}
