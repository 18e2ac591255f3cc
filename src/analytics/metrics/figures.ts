import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { EVENT_KINDS, type EventKind } from '../events/event-kinds.js';
import { ALL, type Dimension, DIMENSIONS, valueOf } from '../rollups/dimensions.js';
import type { Bucket } from './buckets.js';
import type { Sums } from './metrics.js';
import { type Segment, segmentsOf } from './segments.js';

/** Which events: all of a store, or those with one value in one dimension. */
export interface Selection {
  /** UUID. */
  readonly storeId: string;
  readonly only?: { readonly dimension: Dimension; readonly value: string };
}

export interface Money {
  readonly events: number;
  readonly revenueMinor: number;
  readonly spendMinor: number;
}

/** Sums of one bucket, the money by its currency. */
export interface CountedBucket {
  readonly events: Partial<Record<EventKind, number>>;
  /** By currency; `events` are those with money. */
  readonly money: ReadonlyMap<string, Money>;
}

/** What a dimension's values are ordered by. */
export const GROUP_ORDERS = [
  'events',
  'impressions',
  'clicks',
  'visits',
  'pageViews',
  'conversions',
  'revenueMinor',
  'spendMinor',
] as const;
export type GroupOrder = (typeof GROUP_ORDERS)[number];

export interface GroupSums extends Sums {
  readonly value: string;
}

export interface GroupWish {
  readonly dimension: Dimension;
  readonly currency: string | null;
  readonly order: GroupOrder;
  readonly most: number;
  /** Only these. */
  readonly values?: readonly string[];
}

/**
 * Reads figures: from the sums, the events that are in none yet, and, for less than a quarter of an hour at the edges,
 * the events. One statement each, so that what is added to the sums meanwhile is in the figures once.
 */
@Injectable()
export class Figures {
  constructor(private readonly database: Database) {}

  /** One for each bucket. */
  async byBucket({ storeId, only }: Selection, buckets: readonly Bucket[]): Promise<CountedBucket[]> {
    const dimension = only?.dimension ?? ALL;
    const segments = segmentsOf(buckets);
    const rows = await this.database.query<CountRow>(
      `${partsOf(dimension, only ? 'only' : 'all', segments)}
       SELECT index, kind, currency, sum(events)::float8 AS events, sum(value_minor)::float8 AS value
       FROM parts GROUP BY index, kind, currency`,
      [storeId, ...spansOf(segments), ...(only ? [[only.value]] : [])],
    );
    const counted = buckets.map(() => new MutableCount());
    for (const row of rows) counted[row.index]?.add(row);
    return counted;
  }

  /** All that there is of a dimension in a span, in the order of its values. */
  byKind(storeId: string, span: Bucket, dimension: Dimension | typeof ALL): Promise<KindSum[]> {
    const segments = segmentsOf([span]);
    return this.database.query<KindSum>(
      `${partsOf(dimension, 'all', segments)}
       SELECT value, kind, currency, sum(events)::float8 AS events, sum(value_minor)::float8 AS "valueMinor"
       FROM parts GROUP BY value, kind, currency ORDER BY value, kind, currency`,
      [storeId, ...spansOf(segments)],
    );
  }

  /** The values of a dimension in a span, those first that have most of what they are ordered by. */
  async byValue(
    storeId: string,
    span: Bucket,
    { dimension, currency, order, most, values }: GroupWish,
  ): Promise<GroupSums[]> {
    const segments = segmentsOf([span]);
    const currencyAt = values ? '$7' : '$6';
    const rows = await this.database.query<GroupRow>(
      `${partsOf(dimension, values ? 'only' : 'all', segments)}
       SELECT value, ${COUNTS},
         ${moneyOf('conversion', currencyAt)} AS "revenueMinor", ${moneyOf('spend', currencyAt)} AS "spendMinor"
       FROM parts GROUP BY value ORDER BY ${ORDER_SQL[order](currencyAt)} DESC, value LIMIT ${most}`,
      [storeId, ...spansOf(segments), ...(values ? [values] : []), currency ?? ''],
    );
    return rows.map(({ value, revenueMinor, spendMinor, ...events }) => ({
      value,
      revenueMinor,
      spendMinor,
      events,
    }));
  }
}

/** How often something of one kind happened, with one value of a dimension, and the money in one currency. */
export interface KindSum {
  readonly value: string;
  readonly kind: EventKind;
  /** Empty where there is no money. */
  readonly currency: string;
  readonly events: number;
  readonly valueMinor: number;
}

interface CountRow {
  readonly index: number;
  readonly kind: EventKind;
  readonly currency: string;
  readonly events: number;
  readonly value: number;
}

type GroupRow = Record<EventKind, number> & {
  readonly value: string;
  readonly revenueMinor: number;
  readonly spendMinor: number;
};

class MutableCount implements CountedBucket {
  readonly events: Partial<Record<EventKind, number>> = {};
  readonly money = new Map<string, { -readonly [key in keyof Money]: number }>();

  add({ kind, currency, events, value }: CountRow): void {
    this.events[kind] = (this.events[kind] ?? 0) + events;
    if (currency === '' || (kind !== 'conversion' && kind !== 'spend')) return;
    const sums = this.money.get(currency) ?? { events: 0, revenueMinor: 0, spendMinor: 0 };
    sums.events += events;
    sums[kind === 'conversion' ? 'revenueMinor' : 'spendMinor'] += value;
    this.money.set(currency, sums);
  }
}

/** The parameters that say what is read from where: `$2` to `$5` the segments. */
function spansOf(segments: readonly Segment[]): unknown[] {
  return [
    segments.map(({ index }) => index),
    segments.map(({ minutes }) => minutes),
    segments.map(({ from }) => from),
    segments.map(({ to }) => to),
  ];
}

/**
 * Each span is looked up by itself (OFFSET 0 keeps it so): joined otherwise, all of a store's sums would be compared with
 * each of hundreds of spans.
 * @param which `only`: those whose values are in `$6`
 */
function partsOf(
  dimension: Dimension | typeof ALL,
  which: 'all' | 'only',
  segments: readonly Segment[],
): string {
  const edges = segments.some(({ minutes }) => minutes === 0);
  const waiting = valueOf(dimension, 'e');
  const happened = `${waiting} AS value, e.kind, coalesce(e.currency, '') AS currency, coalesce(e.value_minor, 0) AS value_minor`;
  const column = dimension === ALL ? undefined : `e.${DIMENSIONS[dimension]}`;
  const fits = column
    ? ` AND ${column} IS NOT NULL${which === 'only' ? ` AND ${waiting} = ANY ($6::text[])` : ''}`
    : '';
  return `
WITH spans AS (
  SELECT * FROM unnest($2::integer[], $3::smallint[], $4::timestamptz[], $5::timestamptz[]) AS s(index, minutes, since, until)
), parts AS (
  SELECT s.index, r.value, r.kind, r.currency, r.events, r.value_minor
  FROM spans s CROSS JOIN LATERAL (
    SELECT r.value, r.kind, r.currency, r.events, r.value_minor FROM analytics_rollups r
    WHERE r.store_id = $1 AND r.minutes = s.minutes AND r.dimension = '${dimension}'
      AND r.bucket >= s.since AND r.bucket < s.until${which === 'only' ? ' AND r.value = ANY ($6::text[])' : ''}
    OFFSET 0
  ) AS r
  WHERE s.minutes > 0
  UNION ALL
  SELECT s.index, e.value, e.kind, e.currency, 1, e.value_minor
  FROM spans s CROSS JOIN LATERAL (
    SELECT ${happened} FROM analytics_unrolled e
    WHERE e.store_id = $1 AND e.occurred_at >= s.since AND e.occurred_at < s.until${fits}
    OFFSET 0
  ) AS e
  WHERE s.minutes > 0
  ${edges ? edgesOf(happened, fits) : ''}
)`;
}

/** What lies between two quarters of an hour. Left out where nothing does: its table has many partitions to be planned for. */
const edgesOf = (happened: string, fits: string): string => `
  UNION ALL
  SELECT s.index, e.value, e.kind, e.currency, 1, e.value_minor
  FROM spans s CROSS JOIN LATERAL (
    SELECT ${happened} FROM analytics_events e
    WHERE e.store_id = $1 AND e.kind = ANY ('{${EVENT_KINDS.join(',')}}')
      AND e.occurred_at >= s.since AND e.occurred_at < s.until${fits}
    OFFSET 0
  ) AS e
  WHERE s.minutes = 0`;

const countOf = (kind: EventKind): string =>
  `coalesce(sum(events) FILTER (WHERE kind = '${kind}'), 0)::float8`;
const COUNTS = EVENT_KINDS.map((kind) => `${countOf(kind)} AS "${kind}"`).join(', ');
const moneyOf = (kind: EventKind, parameter: string): string =>
  `coalesce(sum(value_minor) FILTER (WHERE kind = '${kind}' AND currency = ${parameter}), 0)::float8`;

const ORDER_SQL: Readonly<Record<GroupOrder, (currencyAt: string) => string>> = {
  events: () => 'sum(events)',
  impressions: () => countOf('impression'),
  clicks: () => countOf('click'),
  visits: () => countOf('visit'),
  pageViews: () => countOf('page_view'),
  conversions: () => countOf('conversion'),
  revenueMinor: (currencyAt) => moneyOf('conversion', currencyAt),
  spendMinor: (currencyAt) => moneyOf('spend', currencyAt),
};
