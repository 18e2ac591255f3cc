import type { StoreRow } from '../../platform/records/index.js';
import { lastDue, nextDue } from './schedule.js';

export const SCHEDULE_STATUSES = ['ACTIVE', 'PAUSED'] as const;
export type ScheduleStatus = (typeof SCHEDULE_STATUSES)[number];

/** Something that is done by the clock. */
export interface Scheduled extends StoreRow {
  /** Cron, five fields; null: only when it is asked for. */
  schedule: string | null;
  /** IANA. */
  timeZone: string;
  status: ScheduleStatus;
  /** Null where nothing is to come. */
  nextRunAt: Date | null;
}

type Kept = Pick<Scheduled, 'schedule' | 'timeZone' | 'status'>;

/** When it comes due after a moment; null where it is paused, or never. */
export function nextRunOf({ schedule, timeZone, status }: Kept, after: Date): Date | null {
  if (schedule === null || status === 'PAUSED') return null;
  return nextDue({ schedule, timeZone }, after) ?? null;
}

/** Whether a change gives it other times: one that only has another name comes due when it did. */
export function hasOtherTimes(before: Kept, after: Kept): boolean {
  return (['schedule', 'timeZone', 'status'] as const).some((field) => before[field] !== after[field]);
}

/**
 * The time that a row which has come due is done for, and the next one. Where several have come while nobody was there,
 * it is the latest: what was missed is made up for once.
 * @returns undefined where it is not due
 */
export function dueOf(
  row: Scheduled,
  now: Date,
): { readonly dueAt: Date; readonly nextRunAt: Date | null } | undefined {
  const { schedule, timeZone, nextRunAt } = row;
  if (schedule === null || nextRunAt === null || nextRunAt > now) return undefined;
  const last = lastDue({ schedule, timeZone }, now);
  const dueAt = last && last > nextRunAt ? last : nextRunAt;
  return { dueAt, nextRunAt: nextRunOf(row, now) };
}

/** Selects the rows of a table that are due, for its clock. @param table of `Scheduled` */
export function dueIn(table: string): string {
  return `
SELECT r.id, r.store_id AS "storeId", s.organization_id AS "organizationId", now() AS now
FROM ${table} r
JOIN stores s ON s.id = r.store_id
JOIN organizations o ON o.id = s.organization_id AND o.status = 'active'
WHERE r.next_run_at <= now()
ORDER BY r.next_run_at
LIMIT 100`;
}
