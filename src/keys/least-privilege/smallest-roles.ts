import { LEVELS, reaches } from '../../platform/http/index.js';
import type { Grants, ResourceRegistry } from '../../roles/index.js';
import type { Levels } from './used-levels.js';

/**
 * The roles that give all of some levels, the smallest first: by the sum of their levels over every resource and
 * over what each category gets later, then by name.
 */
export function smallestRoles<T extends { readonly name: string; readonly grants: Grants }>(
  roles: readonly T[],
  used: Levels,
  registry: ResourceRegistry,
): T[] {
  return roles
    .map((role) => ({ role, levels: registry.compile(role.grants) }))
    .filter(({ levels }) =>
      Object.entries(used).every(([resource, level]) => reaches(levels.get(resource) ?? 'none', level)),
    )
    .map(({ role, levels }) => {
      const size = [...levels.values()].reduce((sum, level) => sum + LEVELS.indexOf(level), 0);
      return { role, size };
    })
    .sort((a, b) => a.size - b.size || (a.role.name < b.role.name ? -1 : 1))
    .map(({ role }) => role);
}
