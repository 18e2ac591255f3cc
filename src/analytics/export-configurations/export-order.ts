import type { AnalyticsRun } from '../runs/run.entity.js';
import { daysOf, rangeOf } from '../schedules/periods.js';
import type { ExportConfiguration, ExportFormat, TableName } from './export-configuration.entity.js';
import { columnsOf } from './export-tables.js';

/** What a run exports, as it was asked for when it was ordered. */
export interface ExportSettings {
  readonly name: string;
  readonly table: TableName;
  readonly dimension: ExportConfiguration['dimension'];
  readonly columns: readonly string[];
  readonly format: ExportFormat;
}

/** What a run is about, when it is ordered at a moment. Of events, that is known when they are read. */
export function orderOf(
  { name, table, dimension, period, columns, format }: ExportConfiguration,
  at: Date,
): Pick<AnalyticsRun, 'periodFrom' | 'periodTo' | 'settings'> {
  const settings: ExportSettings = { name, table, dimension, columns: columnsOf(table, columns), format };
  if (table === 'events') return { periodFrom: null, periodTo: null, settings };
  // The sums of days are of days as UTC has them.
  const { from, to } = rangeOf(daysOf(period, at, 'UTC'), 'UTC');
  return { periodFrom: from, periodTo: to, settings };
}
