import type { QuotaState } from '../platform/http/index.js';
import { quotaWindows } from './quota-windows.js';

/**
 * The statement that admits one batch; its parameters are those of `gate_admit`, in PostgreSQL's own notation.
 * What is the same for the whole batch is written out in the first row alone.
 */
export const ADMIT = `SELECT verdicts,
  CASE WHEN credential = 1 THEN at::text END,
  CASE WHEN credential = 1 THEN (extract(epoch FROM at) * 1000)::float8 END,
  CASE WHEN polled_at IS NOT NULL
    THEN (SELECT array_agg(extract(epoch FROM p) * 1000) FROM unnest(polled_at) AS p)::float8[] END,
  upgrades, poll_seconds,
  hour_limit, hour_used, day_limit, day_used, key_hour_limit, key_hour_used, key_day_limit, key_day_used
FROM gate_admit($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** What `ADMIT` answers of one credential, its figures as they were before the batch; and in its first row of the batch. */
export type AdmissionRow = [
  /** One letter for each request; in the first row alone, as are the next four. */
  verdicts: string | null,
  /** As the database wrote it, in microseconds. */
  at: string | null,
  /** Milliseconds since the epoch. */
  atMs: number | null,
  /** For each request when an identical one was admitted; null where none was refused for it. */
  polledAtMs: (number | null)[] | null,
  /** For each refused request the plan that would have admitted it; null where none was refused. */
  upgrades: (string | null)[] | null,
  pollSeconds: number,
  hourLimit: number | null,
  hourUsed: number,
  dayLimit: number | null,
  dayUsed: number,
  keyHourLimit: number | null,
  keyHourUsed: number,
  keyDayLimit: number | null,
  keyDayUsed: number,
];

/**
 * Every window of a credential, with what was admitted since its row was read.
 * @param at milliseconds since the epoch @param admitted of its subject @param admittedOfKey of its key
 */
export function quotaStateOf(
  row: AdmissionRow,
  at: number,
  admitted: number,
  admittedOfKey: number,
): QuotaState {
  const [, , , , , , hourLimit, hourUsed, dayLimit, dayUsed] = row;
  const [, , , , , , , , , , keyHourLimit, keyHourUsed, keyDayLimit, keyDayUsed] = row;
  return {
    at,
    windows: quotaWindows(
      at,
      { hourLimit, hourUsed: hourUsed + admitted, dayLimit, dayUsed: dayUsed + admitted },
      {
        hourLimit: keyHourLimit,
        hourUsed: keyHourUsed + admittedOfKey,
        dayLimit: keyDayLimit,
        dayUsed: keyDayUsed + admittedOfKey,
      },
    ),
  };
}
