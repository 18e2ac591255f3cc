import type { Transaction } from '../../platform/database/index.js';
import type { ClaimedDelivery } from './claim.js';
import { openSeconds, pauseSeconds } from './schedule.js';

/** A receiver that fails for so long without a success between is given up. */
const GIVE_UP_ENDPOINT_HOURS = 120;

/** What came of one attempt. */
export interface Attempt {
  readonly at: Date;
  readonly durationMicros: number;
  /** Null where no answer came. */
  readonly status: number | null;
  /** May be shown to whoever has the endpoint; null where it arrived. */
  readonly error: string | null;
  /** At most 8 kB. */
  readonly responseBody: string | null;
  readonly retryAfterSeconds: number | undefined;
}

/** What the attempt means for the endpoint: `gone` and `failing` are reasons to disable it. */
export type EndpointVerdict = 'fine' | 'gone' | 'failing';

/** Whether the receiver has taken it: 2xx alone is a yes (Standard Webhooks). @param status null: there was no answer */
export const isTaken = (status: number | null): boolean => status !== null && status >= 200 && status < 300;

/**
 * Notes an attempt, and what follows from it. A success counts whoever had the delivery meanwhile; a failure only
 * where the lease is still this one's.
 */
export async function recordAttempt(
  tx: Transaction,
  endpointId: string,
  { id, lease }: Pick<ClaimedDelivery, 'id' | 'lease'>,
  attempt: Attempt,
): Promise<EndpointVerdict> {
  const [health] = await tx.query<HealthRow[]>(HEALTH, [endpointId]);
  const [delivery] = await tx.query<DeliveryRow[]>(DELIVERY, [id, lease]);
  // The endpoint or the delivery is gone, or was finished by somebody else.
  if (!health || !delivery) return 'fine';
  const no = delivery.attempts + 1;
  await tx.query(ATTEMPT, [
    ...[id, no, attempt.at, attempt.durationMicros, attempt.status, attempt.error, attempt.responseBody],
    attempt.retryAfterSeconds ?? null,
  ]);
  if (isTaken(attempt.status)) {
    await tx.query(FINISH, [id, no, 'delivered', attempt.status, null]);
    await tx.query(SUCCEEDED, [endpointId]);
    return 'fine';
  }
  const gone = attempt.status === 410;
  if (delivery.own) {
    const { retryAfterSeconds } = attempt;
    const pause = gone ? undefined : pauseSeconds(no, delivery.ageSeconds, retryAfterSeconds);
    if (pause === undefined) await tx.query(FINISH, [id, no, 'failed', attempt.status, attempt.error]);
    else await tx.query(RETRY, [id, no, pause, attempt.status, attempt.error]);
  }
  const failures = health.failures + 1;
  await tx.query(FAILED, [endpointId, failures, openSeconds(failures)]);
  if (gone) return 'gone';
  return health.failingHours >= GIVE_UP_ENDPOINT_HOURS ? 'failing' : 'fine';
}

interface HealthRow {
  readonly failures: number;
  /** 0 where it does not fail. */
  readonly failingHours: number;
}

interface DeliveryRow {
  readonly attempts: number;
  readonly ageSeconds: number;
  readonly own: boolean;
}

// The health's row first, as claims do: so none waits for the other in a circle.
const HEALTH = `
SELECT consecutive_failures AS failures,
  coalesce(extract(epoch FROM clock_timestamp() - failing_since) / 3600, 0)::float8 AS "failingHours"
FROM webhook_endpoint_health WHERE endpoint_id = $1 FOR UPDATE`;

const DELIVERY = `
SELECT attempts, extract(epoch FROM clock_timestamp() - created_at)::float8 AS "ageSeconds",
  locked_until IS NOT DISTINCT FROM $2::timestamptz AS own
FROM webhook_deliveries WHERE id = $1 AND status = 'pending' FOR UPDATE`;

const ATTEMPT = `
INSERT INTO webhook_attempts (delivery_id, no, at, duration_micros, status, error, response_body, retry_after_seconds)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

const FINISH = `
UPDATE webhook_deliveries SET status = $3, attempts = $2, last_status = $4, last_error = $5, next_attempt_at = NULL,
  locked_until = NULL, finished_at = clock_timestamp()
WHERE id = $1`;

const RETRY = `
UPDATE webhook_deliveries SET attempts = $2, last_status = $4, last_error = $5, locked_until = NULL,
  next_attempt_at = clock_timestamp() + make_interval(secs => $3)
WHERE id = $1`;

const SUCCEEDED = `
UPDATE webhook_endpoint_health SET failing_since = NULL, consecutive_failures = 0, open_until = NULL,
  last_success_at = clock_timestamp()
WHERE endpoint_id = $1`;

const FAILED = `
UPDATE webhook_endpoint_health SET failing_since = coalesce(failing_since, clock_timestamp()),
  consecutive_failures = $2, last_failure_at = clock_timestamp(),
  open_until = CASE WHEN $3::float8 > 0 THEN clock_timestamp() + make_interval(secs => $3) END
WHERE endpoint_id = $1`;
