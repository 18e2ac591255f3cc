import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { DAY_MS } from '../metrics/range.js';
import { ALL, bucketOf, type Dimension, valueOf } from '../rollups/dimensions.js';
import { type ExportedRow, valueText } from './export-tables.js';

/** Reads the sums of days (UTC) by the values of a dimension: also those of events that are in no sum yet. */
@Injectable()
export class DailyReader {
  constructor(private readonly database: Database) {}

  /** A day at a time. @param storeId UUID */
  async *read(
    storeId: string,
    dimension: Dimension | typeof ALL,
    { from, to }: { readonly from: Date; readonly to: Date },
  ): AsyncGenerator<readonly ExportedRow[]> {
    for (let day = from; day < to; day = new Date(day.getTime() + DAY_MS)) {
      const rows = await this.database.query<DailyRow>(sumsOf(dimension), [storeId, day]);
      yield rows.map(({ value, kind, currency, events, valueMinor }) => ({
        day: day.toISOString().slice(0, 10),
        dimension,
        value: valueText(dimension, value),
        kind,
        currency: currency === '' ? null : currency,
        ...{ events, valueMinor },
      }));
    }
  }
}

interface DailyRow {
  readonly value: string;
  readonly kind: string;
  readonly currency: string;
  readonly events: number;
  readonly valueMinor: number;
}

// One statement, so that what is added to the sums meanwhile is counted once.
const sumsOf = (dimension: Dimension | typeof ALL): string => `
SELECT value, kind, currency, sum(events)::float8 AS events, sum(value_minor)::float8 AS "valueMinor"
FROM (
  SELECT r.value, r.kind, r.currency, r.events, r.value_minor FROM analytics_rollups r
  WHERE r.store_id = $1 AND r.minutes = 1440 AND r.dimension = '${dimension}' AND r.bucket = $2
  UNION ALL
  SELECT ${valueOf(dimension, 'e')}, e.kind, coalesce(e.currency, ''), 1, coalesce(e.value_minor, 0)
  FROM analytics_unrolled e
  WHERE e.store_id = $1 AND e.occurred_at >= $2 AND e.occurred_at < $2::timestamptz + interval '1 day'
    AND ${bucketOf('1440', 'e')} = $2 AND ${valueOf(dimension, 'e')} IS NOT NULL
) AS parts
GROUP BY value, kind, currency
ORDER BY value, kind, currency`;
