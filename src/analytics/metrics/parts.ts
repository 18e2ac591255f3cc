import { EVENT_KINDS } from '../events/event-kinds.js';
import { ALL, type Dimension, DIMENSIONS, valueOf } from '../rollups/dimensions.js';
import { grainsOf } from '../rollups/grains.js';
import { addedBy, SUM_COLUMNS } from '../rollups/sums.js';
import type { Bucket } from './buckets.js';
import { EVENTS, segmentsOf } from './segments.js';

/**
 * A relation `parts`, as a WITH clause: what happened, by bucket (`index`), value and currency, with a column for each
 * sum. It is of the sums, the events that are in none yet, and those at the edges that no sum is short enough for.
 *
 * Each span is looked up by itself (OFFSET 0 keeps it so): joined otherwise, all of a store's sums would be compared with
 * each of hundreds of spans.
 * @param buckets which follow each other
 * @param values only these
 */
export function partsOf(
  storeId: string,
  buckets: readonly Bucket[],
  dimension: Dimension | typeof ALL,
  values?: readonly string[],
): { readonly sql: string; readonly parameters: unknown[] } {
  const segments = segmentsOf(buckets, grainsOf(dimension));
  const cuts = segments.some(({ grain }) => grain === EVENTS);
  const value = valueOf(dimension, 'e');
  const isIn = dimension === ALL ? '' : ` AND e.${DIMENSIONS[dimension]} IS NOT NULL`;
  const fits = values ? `${isIn} AND ${value} = ANY ($7::text[])` : isIn;
  const sql = `
WITH spans AS (
  SELECT * FROM unnest($2::integer[], $3::text[], $4::timestamptz[], $5::timestamptz[]) AS s(index, grain, since, until)
), parts AS (
  SELECT s.index, r.*
  FROM spans s CROSS JOIN LATERAL (
    SELECT r.value, r.currency, ${SUM_COLUMNS.map((column) => `r.${column}`).join(', ')} FROM analytics_rollups r
    WHERE r.store_id = $1 AND r.grain = s.grain AND r.dimension = '${dimension}'
      AND r.bucket >= s.since AND r.bucket < s.until${values ? ' AND r.value = ANY ($7::text[])' : ''}
    OFFSET 0
  ) AS r
  WHERE s.grain <> '${EVENTS}'
  UNION ALL
  SELECT width_bucket(e.occurred_at, $6::timestamptz[]) - 1, ${value}, coalesce(e.currency, ''), ${ADDED}
  FROM analytics_unrolled e
  WHERE e.store_id = $1 AND e.occurred_at >= (SELECT min(since) FROM spans)
    AND e.occurred_at < (SELECT max(until) FROM spans)${fits}
  ${cuts ? cutsOf(value, fits) : ''}
)`;
  const parameters = [
    storeId,
    segments.map(({ index }) => index),
    segments.map(({ grain }) => grain),
    segments.map(({ from }) => from),
    segments.map(({ to }) => to),
    buckets.map(({ from }) => from),
    ...(values ? [values] : []),
  ];
  return { sql, parameters };
}

/**
 * What lies between two sums: the events themselves, whether they wait or not. Left out where nothing does: their table
 * has many partitions to be planned for.
 */
const cutsOf = (value: string, fits: string): string => `
    AND NOT EXISTS (SELECT FROM spans s WHERE s.grain = '${EVENTS}' AND e.occurred_at >= s.since AND e.occurred_at < s.until)
  UNION ALL
  SELECT s.index, e.*
  FROM spans s CROSS JOIN LATERAL (
    SELECT ${value} AS value, coalesce(e.currency, '') AS currency, ${ADDED} FROM analytics_events e
    WHERE e.store_id = $1 AND e.kind = ANY ('{${EVENT_KINDS.join(',')}}')
      AND e.occurred_at >= s.since AND e.occurred_at < s.until${fits}
    OFFSET 0
  ) AS e
  WHERE s.grain = '${EVENTS}'`;

const ADDED = addedBy('e');
