import type { Transaction } from '../../platform/database/index.js';
import { DAY_MS } from '../../platform/time/index.js';
import { ALL, bucketOf, DIMENSION_NAMES, GRAINS, valueOf } from './dimensions.js';

/** One at a time changes the sums. */
const LOCK = `SELECT pg_advisory_xact_lock(hashtext('analytics_rollups'))`;
const LOCK_IF_FREE = `SELECT pg_try_advisory_xact_lock(hashtext('analytics_rollups')) AS mine`;

const VALUES = [ALL, ...DIMENSION_NAMES]
  .map((dimension) => `('${dimension}', ${valueOf(dimension as typeof ALL, 'e')})`)
  .join(', ');

/** The sums of the events of a relation, each in every length and dimension that it is in. */
const sumsOf = (relation: string): string => `
SELECT e.store_id, g.minutes, d.dimension, ${bucketOf('g.minutes', 'e')} AS bucket, d.value, e.kind,
  coalesce(e.currency, '') AS currency, count(*) AS events, sum(coalesce(e.value_minor, 0))::bigint AS value_minor
FROM ${relation} e
CROSS JOIN LATERAL (VALUES ${VALUES}) AS d(dimension, value)
CROSS JOIN (VALUES ${GRAINS.map((minutes) => `(${minutes}::smallint)`).join(', ')}) AS g(minutes)
WHERE d.value IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7`;

const COLUMNS = 'store_id, minutes, dimension, bucket, value, kind, currency, events, value_minor';

// What is taken away is added in the same statement: no event is in a sum and waiting, or in neither.
const ROLL = `
WITH taken AS (
  DELETE FROM analytics_unrolled WHERE ctid = ANY (ARRAY(SELECT ctid FROM analytics_unrolled LIMIT $1)) RETURNING *
), added AS (
  INSERT INTO analytics_rollups AS r (${COLUMNS}) ${sumsOf('taken')}
  ON CONFLICT ON CONSTRAINT analytics_rollups_pk
  DO UPDATE SET events = r.events + excluded.events, value_minor = r.value_minor + excluded.value_minor
)
SELECT count(*)::integer AS rolled FROM taken`;

/** Waits until nobody else changes the sums, and lets nobody until the transaction ends. */
export async function lockRollups(tx: Transaction): Promise<void> {
  await tx.query(LOCK);
}

/** Adds waiting events to the sums, unless another process is at it. @returns how many */
export async function rollUp(tx: Transaction, most: number): Promise<number> {
  const [lock] = await tx.query<{ mine: boolean }[]>(LOCK_IF_FREE);
  if (!lock?.mine) return 0;
  const [row] = await tx.query<{ rolled: number }[]>(ROLL, [most]);
  return row?.rolled ?? 0;
}

// One statement, so that all of it sees the same events: one that is sent meanwhile is neither in the new sums nor taken
// from those that wait.
const REBUILD = `
WITH fresh AS MATERIALIZED (
  ${sumsOf('(SELECT * FROM analytics_events WHERE store_id = $1 AND occurred_at >= $2 AND occurred_at < $3)')}
), gone AS (
  DELETE FROM analytics_unrolled WHERE store_id = $1 AND occurred_at >= $2 AND occurred_at < $3
), stale AS (
  DELETE FROM analytics_rollups r WHERE r.store_id = $1 AND r.bucket >= $2 AND r.bucket < $3
    AND r.minutes = ANY ('{${GRAINS.join(',')}}')
    AND NOT EXISTS (SELECT FROM fresh f WHERE (f.minutes, f.dimension, f.bucket, f.value, f.kind, f.currency)
      = (r.minutes, r.dimension, r.bucket, r.value, r.kind, r.currency))
), made AS (
  INSERT INTO analytics_rollups (${COLUMNS}) SELECT ${COLUMNS} FROM fresh
  ON CONFLICT ON CONSTRAINT analytics_rollups_pk
  DO UPDATE SET events = excluded.events, value_minor = excluded.value_minor
)
SELECT coalesce(sum(events), 0)::integer AS events FROM fresh WHERE dimension = '${ALL}' AND minutes = 1440`;

/**
 * Makes the sums of one day (UTC) of a store anew, from its events.
 * @param storeId UUID
 * @param day its beginning
 * @returns how many events it has
 */
export async function rebuildDay(tx: Transaction, storeId: string, day: Date): Promise<number> {
  await lockRollups(tx);
  const next = new Date(day.getTime() + DAY_MS);
  const [row] = await tx.query<{ events: number }[]>(REBUILD, [storeId, day, next]);
  return row?.events ?? 0;
}
