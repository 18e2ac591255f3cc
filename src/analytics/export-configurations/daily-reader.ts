import { Injectable } from '@nestjs/common';
import { Figures } from '../metrics/figures.js';
import { shifted } from '../metrics/range.js';
import { type ALL, type Dimension, publicValue } from '../rollups/dimensions.js';
import type { ExportedRow } from './export-tables.js';

/** Reads the sums of days (UTC) by the values of a dimension. */
@Injectable()
export class DailyReader {
  constructor(private readonly figures: Figures) {}

  /** A day at a time. @param storeId UUID */
  async *read(
    storeId: string,
    dimension: Dimension | typeof ALL,
    { from, to }: { readonly from: Date; readonly to: Date },
  ): AsyncGenerator<readonly ExportedRow[]> {
    for (let day = from; day < to; day = shifted(day, 1)) {
      const sums = await this.figures.byKind(storeId, { from: day, to: shifted(day, 1) }, dimension);
      yield sums.map(({ value, kind, currency, events, valueMinor }) => ({
        day: day.toISOString().slice(0, 10),
        dimension,
        value: publicValue(dimension, value),
        kind,
        currency: currency === '' ? null : currency,
        ...{ events, valueMinor },
      }));
    }
  }
}
