import { AppError } from '../platform/errors/index.js';
import { type Level, lowerLevel, type Principal, reaches } from '../platform/http/index.js';
import type { Grants } from './grants.js';
import type { ResourceRegistry } from './resource-registry.js';

/** What somebody is about to give away: a role's grants, perhaps narrowed by a key's permissions. */
export interface Gift {
  readonly grants: Grants;
  readonly permissions?: Grants | null;
}

/**
 * Nobody grants what they do not hold: every level of the gift must be within what the principal has, for each
 * resource and for those that a category gets later. A plan's cap counts for nothing here: it may be lifted, and what
 * was given away under it would then be more.
 * @throws ExceedsOwnGrants
 */
export function assertWithinOwnGrants(
  principal: Principal,
  { grants, permissions = null }: Gift,
  registry: ResourceRegistry,
): void {
  const narrowing = permissions === null ? undefined : registry.compile(permissions);
  const exceeding = [];
  for (const [resource, granted] of registry.compile(grants)) {
    const wanted = narrowing ? lowerLevel(granted, narrowing.get(resource) ?? 'none') : granted;
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
