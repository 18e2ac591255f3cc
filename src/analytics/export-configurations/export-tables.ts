import type { CsvValue } from '../../platform/csv/index.js';
import type { TableName } from './export-configuration.entity.js';

/** What a thing has, by the names of the columns. */
export type ExportedRow = Readonly<Record<string, CsvValue>>;

/** Everything that can be exported of each table, in the order in which it is unless another is asked for. */
export const COLUMNS = {
  events: [
    ...(['id', 'time', 'receivedAt', 'kind', 'name', 'visitor', 'session'] as const),
    ...(['campaignId', 'audienceId', 'postId', 'channel', 'source', 'page', 'product'] as const),
    ...(['valueMinor', 'currency'] as const),
  ],
  'metrics-daily': ['day', 'dimension', 'value', 'kind', 'currency', 'events', 'valueMinor'],
} as const satisfies Readonly<Record<TableName, readonly string[]>>;

export const ALL_COLUMNS: readonly string[] = [
  ...new Set<string>([...COLUMNS.events, ...COLUMNS['metrics-daily']]),
];

/** What is asked for, or all. */
export function columnsOf(table: TableName, columns: readonly string[] | null): readonly string[] {
  return columns ?? COLUMNS[table];
}
