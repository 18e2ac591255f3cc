import { AppError } from '../platform/errors/index.js';
import { type Level, lowerLevel, type Principal, reaches } from '../platform/http/index.js';
import type { Grants } from './grants.js';
import type { ResourceRegistry } from './resource-registry.js';

/** What somebody is about to give away: a role's grants, perhaps narrowed by a key's permissions and a plan. */
export interface Gift {
  readonly grants: Grants;
  readonly permissions?: Grants | null;
  readonly cap?: Level;
}

/**
 * Nobody grants what they do not hold: every level of the gift must be within what the principal has, for each
 * resource and for those that a category gets later.
 * @throws ExceedsOwnGrants
 */
export function assertWithinOwnGrants(
  principal: Principal,
  { grants, permissions = null, cap = 'admin' }: Gift,
  registry: ResourceRegistry,
): void {
  const narrowing = permissions === null ? undefined : registry.compile(permissions);
  const exceeding = [];
  for (const [resource, granted] of registry.compile(grants)) {
    const narrowed = narrowing ? lowerLevel(granted, narrowing.get(resource) ?? 'none') : granted;
    const wanted = lowerLevel(narrowed, cap);
    const held = principal.effective(resource).level;
    if (!reaches(held, wanted)) exceeding.push({ resource, wanted, held });
  }
  if (exceeding.length > 0) throw new ExceedsOwnGrants(exceeding);
}

/** 403: somebody tried to give away more than they hold. */
export class ExceedsOwnGrants extends AppError {
  constructor(exceeding: readonly { resource: string; wanted: Level; held: Level }[]) {
    super('EXCEEDS_OWN_GRANTS', 'Nobody grants what they do not hold.', { details: { exceeding } });
  }
}
