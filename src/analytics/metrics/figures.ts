import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { EVENT_KINDS, type EventKind } from '../events/event-kinds.js';
import { ALL, type Dimension } from '../rollups/dimensions.js';
import { MONEY, MONEY_COLUMNS, SUM_COLUMNS, type SumColumn } from '../rollups/sums.js';
import type { Bucket } from './buckets.js';
import type { Sums } from './metrics.js';
import { partsOf } from './parts.js';

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
 * Reads figures: from the sums, the events that are in none yet, and, for what is shorter than a sum at the edges, the
 * events. One statement each, so that what is added to the sums meanwhile is in the figures once.
 */
@Injectable()
export class Figures {
  constructor(private readonly database: Database) {}

  /** One for each bucket, which follow each other. */
  async byBucket({ storeId, only }: Selection, buckets: readonly Bucket[]): Promise<CountedBucket[]> {
    const parts = partsOf(storeId, buckets, only?.dimension ?? ALL, only && [only.value]);
    const rows = await this.database.query<CountRow>(
      `${parts.sql} SELECT index, currency, ${SUMS} FROM parts GROUP BY index, currency`,
      parts.parameters,
    );
    const counted = buckets.map(() => new MutableCount());
    for (const row of rows) counted[row.index]?.add(row);
    return counted;
  }

  /** All that there is of a dimension in a span, in the order of its values. */
  byKind(storeId: string, span: Bucket, dimension: Dimension | typeof ALL): Promise<KindSum[]> {
    const parts = partsOf(storeId, [span], dimension);
    return this.database.query<KindSum>(
      `${parts.sql}
       SELECT s.value, k.kind, s.currency, k.events, k.value AS "valueMinor"
       FROM (SELECT value, currency, ${SUMS} FROM parts GROUP BY value, currency) AS s
       CROSS JOIN LATERAL (VALUES ${KINDS_OF_SUMS}) AS k(kind, events, value)
       WHERE k.events > 0 ORDER BY s.value, k.kind, s.currency`,
      parts.parameters,
    );
  }

  /** The values of a dimension in a span, those first that have most of what they are ordered by. */
  async byValue(
    storeId: string,
    span: Bucket,
    { dimension, currency, order, most, values }: GroupWish,
  ): Promise<GroupSums[]> {
    const parts = partsOf(storeId, [span], dimension, values);
    const parameters = [...parts.parameters, currency ?? ''];
    const rows = await this.database.query<GroupRow>(
      `${parts.sql}, sums AS (
         SELECT value, ${EVENT_KINDS.map((kind) => sumOf(kind)).join(', ')},
           ${MONEY_COLUMNS.map((column) => sumOf(column, `currency = $${parameters.length}`)).join(', ')}
         FROM parts GROUP BY value
       )
       SELECT * FROM sums ORDER BY ${ORDER_SQL[order]} DESC, value LIMIT ${most}`,
      parameters,
    );
    return rows.map(({ value, revenue_minor: revenueMinor, spend_minor: spendMinor, ...events }) => ({
      ...{ value, revenueMinor, spendMinor, events },
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

type CountRow = Record<SumColumn, number> & { readonly index: number; readonly currency: string };
type GroupRow = Record<SumColumn, number> & { readonly value: string };

class MutableCount implements CountedBucket {
  readonly events: Partial<Record<EventKind, number>> = {};
  readonly money = new Map<string, { -readonly [key in keyof Money]: number }>();

  add(row: CountRow): void {
    for (const kind of EVENT_KINDS) this.events[kind] = (this.events[kind] ?? 0) + row[kind];
    const events = row.conversion + row.spend;
    if (row.currency === '' || events === 0) return;
    const sums = this.money.get(row.currency) ?? { events: 0, revenueMinor: 0, spendMinor: 0 };
    sums.events += events;
    sums.revenueMinor += row.revenue_minor;
    sums.spendMinor += row.spend_minor;
    this.money.set(row.currency, sums);
  }
}

// As floating point numbers, which are exact up to 2^53 and far quicker to add up than what PostgreSQL makes of bigint.
const sumOf = (column: SumColumn, where?: string): string =>
  `coalesce(sum(${column}::float8)${where === undefined ? '' : ` FILTER (WHERE ${where})`}, 0) AS ${column}`;
const SUMS = SUM_COLUMNS.map((column) => sumOf(column)).join(', ');
const KINDS_OF_SUMS = EVENT_KINDS.map((kind) => {
  const money = MONEY_COLUMNS.find((column) => MONEY[column] === kind);
  return `('${kind}', s.${kind}, ${money === undefined ? '0' : `s.${money}`})`;
}).join(', ');

const ORDER_SQL: Readonly<Record<GroupOrder, string>> = {
  events: EVENT_KINDS.join(' + '),
  impressions: 'impression',
  clicks: 'click',
  visits: 'visit',
  pageViews: 'page_view',
  conversions: 'conversion',
  revenueMinor: 'revenue_minor',
  spendMinor: 'spend_minor',
};
