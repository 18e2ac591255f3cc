import { type FieldError, InvalidInput } from '../platform/errors/index.js';
import { higherLevel, type Level } from '../platform/http/index.js';
import type { Grants } from './grants.js';
import { policiesOf } from './policies.js';
import type { ResourceRegistry } from './resource-registry.js';

/**
 * The grants of a role as they are asked for: its own and its policies', combined by maximum.
 * @throws InvalidInput for a name that no resource, category or policy has
 */
export function grantsOf(
  { grants = {}, policies = [] }: { grants?: Grants; policies?: readonly string[] },
  registry: ResourceRegistry,
): Grants {
  const ready = new Map(
    registry.list().flatMap((resource) => policiesOf(resource).map((p) => [p.name, p.grants])),
  );
  const errors: FieldError[] = [];
  for (const name of Object.keys(grants)) {
    if (!registry.isGrantable(name))
      errors.push({ field: `grants.${name}`, reason: 'is no resource and no category' });
  }
  const combined: Record<string, Level> = { ...grants };
  policies.forEach((name, index) => {
    const policy = ready.get(name);
    if (!policy) errors.push({ field: `policies[${index}]`, reason: 'is no policy' });
    for (const [resource, level] of Object.entries(policy ?? {})) {
      combined[resource] = higherLevel(combined[resource] ?? 'none', level);
    }
  });
  const [first, ...rest] = errors;
  if (first) throw new InvalidInput([first, ...rest]);
  return combined;
}
