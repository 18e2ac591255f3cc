import { lowerLevel, type Principal, reaches } from '../platform/http/index.js';
import type { Level } from '../platform/http/index.js';
import type { Grants, ResourceRegistry } from '../roles/index.js';
import { ExceedsOwnGrants } from './keys.errors.js';

/**
 * Nobody grants what they do not hold: every level that a key would have, its plan's cap counted, must be within
 * what the principal has.
 * @throws ExceedsOwnGrants
 */
export function assertWithinOwnGrants(
  principal: Principal,
  key: { grants: Grants; permissions: Grants | null; cap: Level },
  registry: ResourceRegistry,
): void {
  const byRole = registry.compile(key.grants);
  const byKey = key.permissions === null ? null : registry.compile(key.permissions);
  const exceeding = [];
  for (const [resource, roleLevel] of byRole) {
    const wanted = lowerLevel(lowerLevel(roleLevel, byKey?.get(resource) ?? (byKey ? 'none' : roleLevel)), key.cap);
    const held = principal.effective(resource).level;
    if (!reaches(held, wanted)) exceeding.push({ resource, wanted, held });
  }
  if (exceeding.length > 0) throw new ExceedsOwnGrants(exceeding);
}
