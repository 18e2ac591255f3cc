import type { OrganizationLimitsResponse } from './dto/organization.js';
import { NO_LIMIT, type Organization } from './organization.entity.js';

/** The columns that an organization's own limits are stored in. */
export type LimitColumns = Pick<
  Organization,
  'hourLimit' | 'dayLimit' | 'pollSeconds' | 'activeKeysPerStore' | 'highestLevel'
>;

/** An organization's own limits as the API says them: "plan" for the plan's own, null for none. */
export function presentLimits(stored: LimitColumns): OrganizationLimitsResponse {
  return {
    hour: ownLimit(stored.hourLimit, NO_LIMIT),
    day: ownLimit(stored.dayLimit, NO_LIMIT),
    pollSeconds: ownLimit(stored.pollSeconds, 0),
    activeKeysPerStore: ownLimit(stored.activeKeysPerStore, NO_LIMIT),
    highestLevel: stored.highestLevel ?? 'plan',
  };
}

function ownLimit(stored: number | null, none: number): number | 'plan' | null {
  if (stored === null) return 'plan';
  return stored === none ? null : stored;
}
