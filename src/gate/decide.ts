import { AppError, NotFound } from '../platform/errors/index.js';
import {
  type KeyPrincipal,
  reaches,
  type RequestContext,
  type RouteDeclaration,
} from '../platform/http/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import { permissionDenied } from './permission-denied.js';

/** The verdict on a key, from what is known of it without asking; undefined where nothing stands against it. */
export function decideKey(context: RequestContext, route: RouteDeclaration): AppError | undefined {
  const key = context.principal;
  if (key?.kind !== 'key') throw new Error('The request has no key.');
  const named = storeParameter(context);
  if (named !== undefined && fromPublicId('store', named) !== key.storeId)
    return new NotFound('foreign store');
  context.store = { storeId: key.storeId, organizationId: key.organizationId };
  if (!key.allowsAddress(context.ip)) {
    return new AppError('IP_NOT_ALLOWED', 'The key may not be used from this address.', {
      details: { address: context.ip },
    });
  }
  if (isSelf(context, key, route)) return undefined;
  return decideLevel(context, route);
}

/** Whether the principal's level reaches what the route needs. */
export function decideLevel(context: RequestContext, route: RouteDeclaration): AppError | undefined {
  const principal = context.authenticated;
  if (route.operatorOnly && !(principal.kind === 'member' && principal.operator)) {
    return new AppError('PERMISSION_DENIED', 'Operators alone may do this.', {
      details: { required: 'operator' },
    });
  }
  if (route.organizationWide && principal.kind === 'key' && principal.environment === 'test') {
    return new AppError('PERMISSION_DENIED', 'A test key reaches its sandbox alone.', {
      details: { resource: route.resource, required: route.level, granted: 'none', limitedBy: 'key' },
    });
  }
  if (route.level === 'none' || route.resource === null) return undefined;
  const effective = principal.effective(route.resource);
  if (reaches(effective.level, route.level)) return undefined;
  return permissionDenied(route.resource, route.level, effective);
}

function isSelf(context: RequestContext, key: KeyPrincipal, route: RouteDeclaration): boolean {
  if (route.selfParameter === null) return false;
  const value = context.request.params[route.selfParameter];
  return fromPublicId('key', value) === key.id;
}

/** What the path says of its store, if it names one. */
export function storeParameter(context: RequestContext): string | undefined {
  const value = context.request.params['storeId'];
  return typeof value === 'string' ? value : undefined;
}
