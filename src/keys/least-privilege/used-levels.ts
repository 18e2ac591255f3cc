import type { LevelUse } from '../../audit/index.js';
import { higherLevel, type Level, reaches } from '../../platform/http/index.js';
import type { Grants, ResourceRegistry } from '../../roles/index.js';

export type Levels = Readonly<Record<string, Level>>;

/** A level that is held and was not needed. */
export interface UnusedLevel {
  readonly resource: string;
  readonly granted: Level;
  /** The highest that was needed, by requests or by what relates to the resource. */
  readonly used: Level;
}

const DAY_MS = 86_400_000;
/** A use is told once an hour, so the last one may be that much later than it is noted. */
const NOTED_EARLIER_MS = 3_600_000;

/** The highest level that was needed on each resource in the days before a moment, by what is still registered. */
export function usedWithin(
  days: number,
  uses: readonly LevelUse[],
  now: Date,
  registry: ResourceRegistry,
): Levels {
  const since = now.getTime() - days * DAY_MS - NOTED_EARLIER_MS;
  const used: Record<string, Level> = {};
  for (const { resource, level, lastUsedAt } of uses) {
    if (lastUsedAt.getTime() < since || !registry.get(resource)) continue;
    used[resource] = higherLevel(used[resource] ?? 'none', level);
  }
  return used;
}

/** The fewest grants that give all of some levels: what is read because another resource relates to it needs none. */
export function fewestGrants(used: Levels, registry: ResourceRegistry): Grants {
  const grants: Record<string, Level> = { ...used };
  for (const [resource, level] of Object.entries(used)) {
    const { [resource]: _, ...others } = grants;
    if (reaches(registry.compile(others).get(resource) ?? 'none', level)) delete grants[resource];
  }
  return grants;
}

/** What is held beyond what was used. A level that the used ones bring along by relation is no surplus. */
export function unusedLevels(held: Levels, used: Levels, registry: ResourceRegistry): UnusedLevel[] {
  const needed = registry.compile(used);
  return Object.entries(held)
    .map(([resource, granted]) => ({ resource, granted, used: needed.get(resource) ?? 'none' }))
    .filter((level) => !reaches(level.used, level.granted))
    .sort((a, b) => (a.resource < b.resource ? -1 : 1));
}
