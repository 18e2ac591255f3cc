import { NO_LIMIT, type Organization } from '../../tenants/index.js';
import type { UpdateOrganizationInput } from './organization.input.js';

type Limit = number | 'plan' | null | undefined;

/** An operator's changes as columns: what is not named stays, "plan" is stored as null, none as its number. */
export function changesOf({
  name,
  plan,
  status,
  limits,
  idleKeyDays,
}: UpdateOrganizationInput): Partial<Organization> {
  return {
    name,
    planId: plan,
    status,
    idleKeyDays,
    hourLimit: stored(limits?.hour, NO_LIMIT),
    dayLimit: stored(limits?.day, NO_LIMIT),
    pollSeconds: stored(limits?.pollSeconds, 0),
    activeKeysPerStore: stored(limits?.activeKeysPerStore, NO_LIMIT),
    highestLevel: limits?.highestLevel === 'plan' ? null : limits?.highestLevel,
  };
}

function stored(limit: Limit, none: number): number | null | undefined {
  if (limit === 'plan') return null;
  return limit === null ? none : limit;
}
