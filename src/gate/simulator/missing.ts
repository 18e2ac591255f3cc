import type { EffectiveLevel, Level, ResourceDeclaration } from '../../platform/http/index.js';
import { reaches } from '../../platform/http/index.js';
import { limitersOf } from '../../platform/http/index.js';

/** Whose level it is, by name. */
export interface Names {
  readonly roleName: string;
  /** Built-in roles never change. */
  readonly builtin: boolean;
}

/** What would have to be granted, and where: everything that falls short, not the first alone. */
export function missingGrants(
  resource: ResourceDeclaration,
  required: Level,
  effective: EffectiveLevel,
  { roleName, builtin }: Names,
): string {
  if (!reaches(resource.highest, required)) {
    return `Nothing can be granted: the highest level of ${resource.name} is ${resource.highest}.`;
  }
  const what = `${required} on ${resource.name}`;
  const remedies = {
    role: builtin
      ? `a role that gives ${what}: "${roleName}" does not, and never changes`
      : `${what} in the role "${roleName}", or another role`,
    key: `${what} in the key's own permissions`,
    plan: `a plan, or a limit of the organization's own, whose highest level is ${required} or more`,
  };
  return `It needs ${limitersOf(required, effective)
    .map((limiter) => remedies[limiter])
    .join('; ')}.`;
}
