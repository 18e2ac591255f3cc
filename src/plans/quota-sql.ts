/** Where the figures of a quota subject or key come from, as SQL. */
export interface QuotaSources {
  readonly hourLimit: string;
  readonly dayLimit: string;
  /** The alias of its `quota_ledger` row, which may be absent. */
  readonly ledger: string;
  /** The moment by which the windows are told. */
  readonly at: string;
}

/** What binds an organization (`o`) on its plan (`p`), its sandboxes too. */
export const SUBJECT_LIMITS = {
  hourLimit: 'coalesce(o.hour_limit, p.hour_limit)',
  dayLimit: 'coalesce(o.day_limit, p.day_limit)',
};

/** The columns of `QuotaFigures`. */
export function quotaFiguresSql({ hourLimit, dayLimit, ledger, at }: QuotaSources): string {
  const used = (window: 'hour' | 'day') =>
    `coalesce(used_in_window(${ledger}.${window}_used, ${ledger}.${window}_start, date_trunc('${window}', ${at}, 'UTC')), 0)`;
  return `${hourLimit} AS "hourLimit", ${used('hour')} AS "hourUsed",
  ${dayLimit} AS "dayLimit", ${used('day')} AS "dayUsed"`;
}
