import {
  higherLevel,
  type Level,
  LEVELS,
  lowerLevel,
  type ResourceDeclaration,
} from '../platform/http/index.js';

/** The four categories that resources belong to. */
export const CATEGORIES = ['content', 'analytics', 'compliance', 'settings'] as const;
export type Category = (typeof CATEGORIES)[number];

/** A level per resource (`content.campaigns`) or per category (`content`, which covers those added later too). */
export type Grants = Readonly<Record<string, Level>>;

/** Whether a value of unknown origin is a map of levels; its names are checked against the registry elsewhere. */
export function isGrants(value: unknown): value is Grants {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((level) => LEVELS.includes(level as Level))
  );
}

/**
 * The level that grants give on one resource: the maximum of what names it, what names its category, and read
 * where a granted resource declares that it relates to it; never above what the resource has.
 */
export function levelOf(
  grants: Grants,
  resource: ResourceDeclaration,
  registered: Iterable<ResourceDeclaration>,
): Level {
  let level = directLevel(grants, resource.name);
  for (const other of registered) {
    if (other.relates.includes(resource.name) && directLevel(grants, other.name) !== 'none') {
      level = higherLevel(level, 'read');
    }
  }
  return lowerLevel(level, resource.highest);
}

function directLevel(grants: Grants, resource: string): Level {
  const category = resource.slice(0, resource.indexOf('.'));
  return higherLevel(ownLevel(grants, resource), ownLevel(grants, category));
}

function ownLevel(grants: Grants, name: string): Level {
  return Object.hasOwn(grants, name) ? (grants[name] ?? 'none') : 'none';
}
