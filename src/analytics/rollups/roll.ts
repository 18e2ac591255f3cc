import type { Transaction } from '../../platform/database/index.js';
import { DAY_MS } from '../../platform/time/index.js';
import { EVENT_KINDS } from '../events/event-kinds.js';
import { ALL, DIMENSION_NAMES, valueOf } from './dimensions.js';
import { bucketOf, type Grain, GRAINS, SERIES_DIMENSIONS } from './grains.js';
import { MONEY, MONEY_COLUMNS, SUM_COLUMNS } from './sums.js';

/** One at a time changes the sums. */
const LOCK = `SELECT pg_advisory_xact_lock(hashtext('analytics_rollups'))`;
const LOCK_IF_FREE = `SELECT pg_try_advisory_xact_lock(hashtext('analytics_rollups')) AS mine`;

const ALL_DIMENSIONS = [ALL, ...DIMENSION_NAMES] as const;
const VALUES = ALL_DIMENSIONS.map((dimension) => `('${dimension}', ${valueOf(dimension, 'e')})`).join(', ');

const listOf = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');
const KEY = 'store_id, grain, dimension, bucket, value, currency';
const COLUMNS = `${KEY}, ${SUM_COLUMNS.join(', ')}`;

const SUMMED = [
  ...EVENT_KINDS.map((kind) => `coalesce(sum(events) FILTER (WHERE kind = '${kind}'), 0)::bigint AS ${kind}`),
  ...MONEY_COLUMNS.map(
    (column) => `coalesce(sum(value_minor) FILTER (WHERE kind = '${MONEY[column]}'), 0)::bigint AS ${column}`,
  ),
].join(', ');

/**
 * The sums of the events of a relation, each in the lengths and dimensions that it is in. They are counted by quarters
 * of an hour first: what is longer is made of those.
 */
const sumsOf = (relation: string, grains: readonly Grain[]): string => `
SELECT c.store_id, g.grain, c.dimension, g.bucket, c.value, c.currency, ${SUMMED}
FROM (
  SELECT e.store_id, d.dimension, d.value, e.kind, coalesce(e.currency, '') AS currency,
    ${bucketOf('quarter', 'e.occurred_at')} AS quarter, count(*) AS events, sum(coalesce(e.value_minor, 0)) AS value_minor
  FROM ${relation} e CROSS JOIN LATERAL (VALUES ${VALUES}) AS d(dimension, value)
  WHERE d.value IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5, 6
) AS c
CROSS JOIN LATERAL (VALUES ${grains.map((grain) => `('${grain}', ${bucketOf(grain, 'c.quarter')})`).join(', ')}) AS g(grain, bucket)
WHERE g.grain <> 'quarter' OR c.dimension IN (${listOf(SERIES_DIMENSIONS)})
GROUP BY 1, 2, 3, 4, 5, 6`;

const setEach = (value: (column: string) => string): string =>
  SUM_COLUMNS.map((column) => `${column} = ${value(column)}`).join(', ');

// What is taken away is added in the same statement: no event is in a sum and waiting, or in neither.
const ROLL = `
WITH taken AS (
  DELETE FROM analytics_unrolled WHERE ctid = ANY (ARRAY(SELECT ctid FROM analytics_unrolled LIMIT $1)) RETURNING *
), added AS (
  INSERT INTO analytics_rollups AS r (${COLUMNS}) ${sumsOf('taken', GRAINS)}
  ON CONFLICT ON CONSTRAINT analytics_rollups_pk
  DO UPDATE SET ${setEach((column) => `r.${column} + excluded.${column}`)}
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

const REPLACE = `ON CONFLICT ON CONSTRAINT analytics_rollups_pk DO UPDATE SET ${setEach((column) => `excluded.${column}`)}`;
const WITHIN_A_DAY = GRAINS.filter((grain) => grain !== 'month');

// One statement, so that all of it sees the same events: one that is sent meanwhile is neither in the new sums nor taken
// from those that wait.
const REBUILD = `
WITH fresh AS MATERIALIZED (
  ${sumsOf('(SELECT * FROM analytics_events WHERE store_id = $1 AND occurred_at >= $2 AND occurred_at < $3)', WITHIN_A_DAY)}
), gone AS (
  DELETE FROM analytics_unrolled WHERE store_id = $1 AND occurred_at >= $2 AND occurred_at < $3
), stale AS (
  DELETE FROM analytics_rollups r WHERE r.store_id = $1 AND r.bucket >= $2 AND r.bucket < $3
    AND r.grain IN (${listOf(WITHIN_A_DAY)}) AND r.dimension IN (${listOf(ALL_DIMENSIONS)})
    AND NOT EXISTS (SELECT FROM fresh f WHERE (f.grain, f.dimension, f.bucket, f.value, f.currency)
      = (r.grain, r.dimension, r.bucket, r.value, r.currency))
), made AS (
  INSERT INTO analytics_rollups (${COLUMNS}) SELECT ${COLUMNS} FROM fresh ${REPLACE}
)
SELECT coalesce(sum(${EVENT_KINDS.join(' + ')}), 0)::integer AS events FROM fresh WHERE dimension = '${ALL}' AND grain = 'day'`;

// A month is the sum of its days.
const REBUILD_MONTH = `
WITH month AS (
  SELECT since, since + interval '1 month' AS until FROM (SELECT ${bucketOf('month', '$2::timestamptz')} AS since) AS begins
), fresh AS MATERIALIZED (
  SELECT r.store_id, 'month' AS grain, r.dimension, m.since AS bucket, r.value, r.currency,
    ${SUM_COLUMNS.map((column) => `sum(r.${column})::bigint AS ${column}`).join(', ')}
  FROM month m JOIN analytics_rollups r ON r.bucket >= m.since AND r.bucket < m.until
  WHERE r.store_id = $1 AND r.grain = 'day' AND r.dimension IN (${listOf(ALL_DIMENSIONS)})
  GROUP BY 1, 2, 3, 4, 5, 6
), stale AS (
  DELETE FROM analytics_rollups r USING month m WHERE r.store_id = $1 AND r.grain = 'month' AND r.bucket = m.since
    AND r.dimension IN (${listOf(ALL_DIMENSIONS)})
    AND NOT EXISTS (SELECT FROM fresh f WHERE (f.dimension, f.value, f.currency) = (r.dimension, r.value, r.currency))
)
INSERT INTO analytics_rollups (${COLUMNS}) SELECT ${COLUMNS} FROM fresh ${REPLACE}`;

/**
 * Makes the sums of one day (UTC) of a store anew, from its events, and those of its month.
 * @param storeId UUID
 * @param day its beginning
 * @returns how many events it has
 */
export async function rebuildDay(tx: Transaction, storeId: string, day: Date): Promise<number> {
  await lockRollups(tx);
  const next = new Date(day.getTime() + DAY_MS);
  const [row] = await tx.query<{ events: number }[]>(REBUILD, [storeId, day, next]);
  await tx.query(REBUILD_MONTH, [storeId, day]);
  return row?.events ?? 0;
}
