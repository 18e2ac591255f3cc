import { type Level, lowerLevel } from '../platform/http/index.js';
import type { Grants } from './grants.js';
import type { ResourceRegistry } from './resource-registry.js';

/** One resource whose level is another than before; `content.*` stands for what the category gets later. */
export interface LevelChange {
  readonly resource: string;
  readonly before: Level;
  readonly after: Level;
}

/** What a key leaves of its role: its own narrowing, and the highest level of its plan. */
export interface Narrowing {
  readonly permissions: Grants | null;
  readonly cap: Level;
}

const UNNARROWED: Narrowing = { permissions: null, cap: 'admin' };

/** Every level that differs between two sets of grants, as far as a narrowing leaves them; by resource. */
export function levelChanges(
  registry: ResourceRegistry,
  before: Grants,
  after: Grants,
  { permissions, cap }: Narrowing = UNNARROWED,
): LevelChange[] {
  const [old, now] = [registry.compile(before), registry.compile(after)];
  const narrowing = permissions === null ? undefined : registry.compile(permissions);
  const left = (level: Level | undefined, resource: string): Level => {
    const byRole = lowerLevel(level ?? 'none', cap);
    return narrowing ? lowerLevel(byRole, narrowing.get(resource) ?? 'none') : byRole;
  };
  return [...now.keys()]
    .map((resource) => ({
      resource,
      before: left(old.get(resource), resource),
      after: left(now.get(resource), resource),
    }))
    .filter((change) => change.before !== change.after)
    .sort((a, b) => (a.resource < b.resource ? -1 : 1));
}

/** Whether two maps grant the same words; the same levels may be written in several ways. */
export function sameGrants(a: Grants, b: Grants): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
