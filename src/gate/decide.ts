import { AppError, NotFound } from '../platform/errors/index.js';
import {
  type KeyPrincipal,
  type Principal,
  reaches,
  type RequestContext,
  type RouteDeclaration,
} from '../platform/http/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import { type Limiter, limiterOf, permissionDenied } from '../platform/http/index.js';

/** What a key asks for: of a request that was made, or of one that is only supposed. */
export interface Attempt {
  readonly route: RouteDeclaration;
  /** The path's parameters, by name. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The client's address; null where none is supposed, and then none is refused. */
  readonly address: string | null;
}

/** What stands against an attempt, and what of the principal it is that does. */
export interface Refusal {
  readonly error: AppError;
  readonly limitedBy: Limiter | 'store' | 'ip' | 'operator' | 'environment';
}

/** The verdict on a request's key, from what is known of it without asking; undefined where nothing stands against it. */
export function decideKey(context: RequestContext, route: RouteDeclaration): AppError | undefined {
  const key = context.principal;
  if (key?.kind !== 'key') throw new Error('The request has no key.');
  const { params: parameters } = context.request;
  const refusal = refusalOfKey(key, { route, parameters, address: context.ip });
  if (refusal?.limitedBy !== 'store') {
    context.store = { storeId: key.storeId, organizationId: key.organizationId };
  }
  return refusal?.error;
}

/** Whether the level of a request's principal reaches what the route needs. */
export function decideLevel(context: RequestContext, route: RouteDeclaration): AppError | undefined {
  return refusalOfLevel(context.authenticated, route)?.error;
}

/** The rule for keys, in the order of its refusals: the store, the address, the level. */
export function refusalOfKey(key: KeyPrincipal, attempt: Attempt): Refusal | undefined {
  const { route, parameters, address } = attempt;
  const named = parameters['storeId'];
  if (typeof named === 'string' && fromPublicId('store', named) !== key.storeId) {
    return { error: new NotFound('foreign store'), limitedBy: 'store' };
  }
  if (address !== null && !key.allowsAddress(address)) {
    const error = new AppError('IP_NOT_ALLOWED', 'The key may not be used from this address.', {
      details: { address },
    });
    return { error, limitedBy: 'ip' };
  }
  if (isSelf(key, attempt)) return undefined;
  return refusalOfLevel(key, route);
}

/** The rule for every principal: operators' routes, the organization's routes, the level. */
export function refusalOfLevel(principal: Principal, route: RouteDeclaration): Refusal | undefined {
  if (route.operatorOnly && !(principal.kind === 'member' && principal.operator)) {
    const error = new AppError('PERMISSION_DENIED', 'Operators alone may do this.', {
      details: { required: 'operator' },
    });
    return { error, limitedBy: 'operator' };
  }
  if (route.organizationWide && principal.kind === 'key' && principal.environment === 'test') {
    const error = new AppError('PERMISSION_DENIED', 'A test key reaches its sandbox alone.', {
      details: { resource: route.resource, required: route.level, granted: 'none', limitedBy: 'key' },
    });
    return { error, limitedBy: 'environment' };
  }
  if (route.level === 'none' || route.resource === null) return undefined;
  const effective = principal.effective(route.resource);
  if (reaches(effective.level, route.level)) return undefined;
  return {
    error: permissionDenied(route.resource, route.level, effective),
    limitedBy: limiterOf(route.level, effective),
  };
}

/** Whether a key asks for what it may always do to itself. */
export function isSelf(key: KeyPrincipal, { route, parameters }: Attempt): boolean {
  return route.selfParameter !== null && fromPublicId('key', parameters[route.selfParameter]) === key.id;
}

/** What the path says of its store, if it names one. */
export function storeParameter(context: RequestContext): string | undefined {
  const value = context.request.params['storeId'];
  return typeof value === 'string' ? value : undefined;
}
