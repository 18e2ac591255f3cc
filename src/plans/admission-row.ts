import type { QuotaState } from '../platform/http/index.js';
import { quotaWindows } from './quota-windows.js';

/** The statement that admits one batch; its parameters are those of `gate_admit`, in PostgreSQL's own notation. */
export const ADMIT = `SELECT verdicts, at::text, (extract(epoch FROM at) * 1000)::float8, poll_seconds,
  hour_limit, hour_used, day_limit, day_used, key_hour_limit, key_hour_used, key_day_limit, key_day_used,
  (SELECT array_agg(extract(epoch FROM p) * 1000) FROM unnest(polled_at) AS p)::float8[], upgrades
FROM gate_admit($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** What `ADMIT` answers of one credential: its figures as they were before the batch. */
export type AdmissionRow = [
  /** One letter for each request of the batch; the same in every row. */
  verdicts: string,
  /** As the database wrote it, in microseconds. */
  at: string,
  /** Milliseconds since the epoch. */
  atMs: number,
  pollSeconds: number,
  hourLimit: number | null,
  hourUsed: number,
  dayLimit: number | null,
  dayUsed: number,
  keyHourLimit: number | null,
  keyHourUsed: number,
  keyDayLimit: number | null,
  keyDayUsed: number,
  /** For each request when an identical one was admitted; in the first row alone. */
  polledAtMs: (number | null)[] | null,
  /** For each refused request the plan that would have admitted it; in the first row alone. */
  upgrades: (string | null)[] | null,
];

/**
 * Every window of a credential, with what was admitted since its row was read.
 * @param admitted of its subject @param admittedOfKey of its key
 */
export function quotaStateOf(row: AdmissionRow, admitted: number, admittedOfKey: number): QuotaState {
  const [
    ,
    ,
    at,
    ,
    hourLimit,
    hourUsed,
    dayLimit,
    dayUsed,
    keyHourLimit,
    keyHourUsed,
    keyDayLimit,
    keyDayUsed,
  ] = row;
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
