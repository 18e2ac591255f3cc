import { type AppError, NotFound } from '../../platform/errors/index.js';
import type { EffectiveLevel, ResourceDeclaration, RouteDeclaration } from '../../platform/http/index.js';
import { templateOf } from '../openapi/index.js';
import type { MountedRoute } from '../route-inventory.js';
import { missingGrants, type Names } from './missing.js';
import type { Limit, SimulationResponse, Unchecked } from './simulation.response.js';

/** A question, as far as it is about routes and levels. */
export interface Asked {
  readonly declaration: RouteDeclaration;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The route that takes the path, the one for what no route takes included; null for a level alone. */
  readonly route: MountedRoute | null;
  readonly resource: ResourceDeclaration | undefined;
  readonly unchecked: Unchecked[];
  readonly effective: EffectiveLevel | null;
  readonly names: Names;
  /** The key asks for what it may always do to itself. */
  readonly self?: boolean;
}

/** Puts the gate's decision into the words of the answer. */
export function verdictOf(
  asked: Asked,
  refusal: { readonly error: AppError; readonly limitedBy: Limit } | undefined,
): SimulationResponse {
  const { declaration, route, effective, unchecked } = asked;
  const isUnmatched = route?.method === 'ALL';
  const error = refusal?.error ?? (isUnmatched ? new NotFound('no such route') : undefined);
  return {
    allowed: error === undefined,
    status: error?.status ?? 200,
    code: error?.code ?? null,
    reason: reasonOf(asked, error),
    limitedBy: refusal?.limitedBy ?? null,
    route:
      route && !isUnmatched
        ? { method: route.method, path: templateOf(route.path), operationId: route.operationId }
        : null,
    required:
      declaration.resource === null || declaration.level === 'none'
        ? null
        : { resource: declaration.resource, level: declaration.level },
    granted: effective?.level ?? null,
    role: effective?.role ?? null,
    key: effective?.key ?? null,
    plan: effective?.plan ?? null,
    missing: refusal ? missingOf(asked, refusal) : null,
    unchecked: [...unchecked],
  };
}

function reasonOf({ declaration, route, effective, self }: Asked, error: AppError | undefined): string {
  if (route?.method === 'ALL' && error?.code === 'NOT_FOUND') return 'No route has this method and path.';
  if (error) return error.message;
  if (declaration.public) return 'Everybody may do this, without a key.';
  if (self) return 'A key may always do this to itself.';
  if (effective === null) return 'This needs a key and no grant.';
  return `This needs ${declaration.level} on ${declaration.resource}; ${effective.level} is held.`;
}

function missingOf(
  { declaration, resource, effective, names }: Asked,
  { error, limitedBy }: { readonly error: AppError; readonly limitedBy: Limit },
): string | null {
  switch (limitedBy) {
    case 'status':
      return STANDING_REMEDY[error.code] ?? null;
    case 'store':
      return 'A key of that store: a key reaches its own alone.';
    case 'ip':
      return "The address, or a network that has it, in the key's allow-list.";
    case 'environment':
      return 'A live key: a test key reaches its sandbox alone.';
    case 'operator':
      return 'An operator, signed in: no grant allows this.';
    case 'role':
    case 'key':
    case 'plan':
      return resource && effective ? missingGrants(resource, declaration.level, effective, names) : null;
  }
}

const STANDING_REMEDY: Partial<Record<AppError['code'], string>> = {
  KEY_REVOKED: 'Another key: revocation is final.',
  KEY_EXPIRED: 'Another key: an end that has passed is final.',
  ORGANIZATION_SUSPENDED: 'An operator must make the organization active again.',
};
