import type { DataSource } from 'typeorm';
import { newUuid } from '../../src/platform/ids/index.js';
import { rebuildDay } from '../../src/analytics/rollups/roll.js';

const DAYS = 365;
const DAY_MS = 86_400_000;
/** Written at once. */
const CHUNK = 250_000;

/** A store whose visitors did so much in the last year. */
export interface GeneratedStore {
  /** UUID. */
  readonly storeId: string;
  readonly events: number;
}

/**
 * Fills a year of a store that does not exist, by INSERT … SELECT: many see, some click, few buy; campaigns, sources and
 * pages are skewed. Then makes the sums of each day as a rebuild does.
 */
export async function generateEvents(owner: DataSource, events: number): Promise<GeneratedStore> {
  const storeId = newUuid();
  const end = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const begin = end - DAYS * DAY_MS;
  for (let first = 0; first < events; first += CHUNK) {
    const last = Math.min(first + CHUNK, events) - 1;
    await owner.query(INSERT, [storeId, first, last, begin, (end - begin) / events]);
  }
  for (let day = begin; day < end; day += DAY_MS) {
    await owner.transaction((tx) => rebuildDay(tx, storeId, new Date(day)));
  }
  await owner.query('VACUUM ANALYZE analytics_events');
  await owner.query('VACUUM ANALYZE analytics_rollups');
  return { storeId, events };
}

const INSERT = `
INSERT INTO analytics_events (store_id, id, occurred_at, kind, name, visitor, session, campaign_id, audience_id, post_id,
  channel, source, page, product, value_minor, currency)
SELECT $1::uuid, n::text, to_timestamp(($4::float8 + n * $5::float8) / 1000), kind, NULL, 'v' || visitor, NULL,
  CASE WHEN r1 < 0.7 THEN md5('campaign ' || floor(50 * power(r2, 2)))::uuid END,
  CASE WHEN r2 < 0.5 THEN md5('audience ' || floor(20 * r1))::uuid END,
  CASE WHEN r1 > 0.8 THEN md5('post ' || floor(300 * r2))::uuid END,
  (ARRAY['email', 'social', 'search', 'direct', 'ads', 'referral'])[1 + floor(6 * r3)::integer],
  'source-' || floor(200 * power(r2, 3)), '/p/' || floor(300 * power(r3, 2)), 'SKU-' || floor(500 * power(r1, 2)),
  CASE WHEN kind IN ('conversion', 'spend') THEN 500 + floor(9500 * r2)::bigint END,
  CASE WHEN kind IN ('conversion', 'spend') THEN 'EUR' END
FROM (
  SELECT n, random() AS r1, random() AS r2, random() AS r3, floor(power(random(), 2) * (1 + $3::bigint / 12))::bigint AS visitor,
    CASE WHEN k < 0.6 THEN 'impression' WHEN k < 0.65 THEN 'click' WHEN k < 0.75 THEN 'visit' WHEN k < 0.95 THEN 'page_view'
      WHEN k < 0.98 THEN 'add_to_cart' WHEN k < 0.99 THEN 'checkout' WHEN k < 0.998 THEN 'conversion' ELSE 'spend' END AS kind
  FROM (SELECT n, random() AS k FROM generate_series($2::bigint, $3::bigint) AS n) AS made
) AS event`;
