import type { OrganizationLimitsResponse } from './dto/organization.js';
import { type LimitColumns, presentLimits } from './organization-limits.js';
import type { Organization } from './organization.entity.js';

/** What was before, and what is after it. */
export interface FromTo<T, Before = T> {
  readonly from: Before;
  readonly to: T;
}

/** What one change of an organization did to its plan, limits and status; null and absent is nothing. */
export interface PlanChange {
  /** `from` is null where the organization was made. */
  readonly plan: FromTo<string, string | null> | null;
  readonly status: FromTo<string, string | null> | null;
  /** Those that changed. */
  readonly limits: {
    readonly [Limit in keyof OrganizationLimitsResponse]?: FromTo<OrganizationLimitsResponse[Limit]>;
  };
}

/** The columns of `organizations` that plan, limits and status are stored in. */
export const PLAN_COLUMNS = [
  'plan_id',
  'status',
  'hour_limit',
  'day_limit',
  'poll_seconds',
  'active_keys_per_store',
  'highest_level',
];

/** A row of `organizations` as the change log keeps it. */
type LoggedRow = Readonly<Record<string, unknown>>;

/**
 * Tells a change in the API's words.
 * @param before null where the organization was made: its limits were the plan's until then
 */
export function planChangeOf(before: LoggedRow | null, after: LoggedRow): PlanChange {
  const [from, to] = [presentLimits(limitColumnsOf(before ?? {})), presentLimits(limitColumnsOf(after))];
  const names = Object.keys(to) as (keyof OrganizationLimitsResponse)[];
  const limits = names
    .filter((name) => from[name] !== to[name])
    .map((name) => [name, { from: from[name], to: to[name] }]);
  return {
    plan: textChange(before, after, 'plan_id'),
    status: textChange(before, after, 'status'),
    limits: Object.fromEntries(limits) as PlanChange['limits'],
  };
}

/** What a row does not have was not thought of yet when it was logged. */
function limitColumnsOf(row: LoggedRow): LimitColumns {
  return {
    hourLimit: (row['hour_limit'] ?? null) as number | null,
    dayLimit: (row['day_limit'] ?? null) as number | null,
    pollSeconds: (row['poll_seconds'] ?? null) as number | null,
    activeKeysPerStore: (row['active_keys_per_store'] ?? null) as number | null,
    highestLevel: (row['highest_level'] ?? null) as Organization['highestLevel'],
  };
}

function textChange(
  before: LoggedRow | null,
  after: LoggedRow,
  column: 'plan_id' | 'status',
): FromTo<string, string | null> | null {
  const from = (before?.[column] ?? null) as string | null;
  const to = after[column] as string;
  return from === to ? null : { from, to };
}
