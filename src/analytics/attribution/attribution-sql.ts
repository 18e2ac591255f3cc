import { DIMENSIONS } from '../rollups/dimensions.js';

/** What credit can go to. */
export const CREDITED = ['channel', 'source', 'campaign'] as const;
export type Credited = (typeof CREDITED)[number];

/** How the credit of a conversion is shared among what led to it. */
export const MODELS = ['first', 'last', 'linear', 'timeDecay', 'position'] as const;
export type Model = (typeof MODELS)[number];

/** A touch a week before has half the credit of one at the time. */
const HALF_LIFE_SECONDS = 7 * 86_400;

/** Each model's share for one touch: the shares of a conversion's touches make 1. */
const SHARES: Readonly<Record<Model, string>> = {
  first: `(CASE WHEN no = 1 THEN 1 ELSE 0 END)`,
  last: `(CASE WHEN no = touches THEN 1 ELSE 0 END)`,
  linear: `(1.0::float8 / touches)`,
  timeDecay: `(decay / sum(decay) OVER (PARTITION BY id))`,
  position: `(CASE WHEN touches = 1 THEN 1 WHEN touches = 2 THEN 0.5 WHEN no IN (1, touches) THEN 0.4
    ELSE 0.2::float8 / (touches - 2) END)`,
};

const NAMED = MODELS.map((model) => `${SHARES[model]} AS "${model}"`).join(', ');
const SUMS = MODELS.map(
  (model) => `sum("${model}")::float8 AS "${model}", sum("${model}" * money)::float8 AS "${model}Money"`,
).join(', ');

/**
 * The credit of each value. Touches are the visits and clicks of a conversion's visitor within the time before it that
 * name one; one of the same within half an hour of the one before is the same touch.
 * Parameters: store, from, to, days of looking back, currency.
 */
export function attributionSql(credited: Credited, sortBy: Model, most: number): string {
  const value = `${DIMENSIONS[credited]}::text`;
  const lookBack = `make_interval(days => $4::integer)`;
  return `
WITH conversions AS (
  SELECT id, visitor, occurred_at AS at, CASE WHEN currency = $5 THEN value_minor ELSE 0 END AS money
  FROM analytics_events
  WHERE store_id = $1 AND kind = 'conversion' AND occurred_at >= $2 AND occurred_at < $3
), touches AS (
  SELECT visitor, at, id, value FROM (
    SELECT visitor, occurred_at AS at, id, ${value} AS value, lag(${value}) OVER w AS value_before,
      lag(occurred_at) OVER w AS at_before
    FROM analytics_events
    WHERE store_id = $1 AND kind IN ('click', 'visit') AND ${DIMENSIONS[credited]} IS NOT NULL
      AND occurred_at >= $2::timestamptz - ${lookBack} - interval '30 minutes' AND occurred_at < $3
      AND visitor IN (SELECT visitor FROM conversions)
    WINDOW w AS (PARTITION BY visitor ORDER BY occurred_at, id)
  ) AS each WHERE value IS DISTINCT FROM value_before OR at > at_before + interval '30 minutes'
), paths AS (
  SELECT c.id, c.money, t.value,
    row_number() OVER (PARTITION BY c.id ORDER BY t.at, t.id) AS no,
    count(*) OVER (PARTITION BY c.id) AS touches,
    power(2, -extract(epoch FROM c.at - t.at)::float8 / ${HALF_LIFE_SECONDS}) AS decay
  FROM conversions c
  JOIN touches t ON t.visitor = c.visitor AND t.at <= c.at AND t.at >= c.at - ${lookBack}
), shares AS (
  SELECT id, value, coalesce(money, 0) AS money, ${NAMED} FROM paths
), credit AS (
  SELECT value, ${SUMS} FROM shares GROUP BY value
)
SELECT (SELECT count(*) FROM conversions)::float8 AS conversions,
  (SELECT coalesce(sum(money), 0) FROM conversions)::float8 AS money,
  (SELECT count(DISTINCT id) FROM paths)::float8 AS led,
  (SELECT coalesce(sum(money), 0) FROM (SELECT DISTINCT id, money FROM paths) AS each)::float8 AS "ledMoney",
  (SELECT coalesce(jsonb_agg(ranked), '[]') FROM
    (SELECT * FROM credit ORDER BY "${sortBy}" DESC, value LIMIT ${most}) AS ranked) AS credit`;
}
