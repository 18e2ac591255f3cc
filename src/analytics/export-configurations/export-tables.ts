import type { CsvValue } from '../../platform/csv/index.js';
import { type IdKind, toPublicId } from '../../platform/ids/index.js';
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

/** Dimensions whose values are things with an id. */
const ID_KINDS: Readonly<Record<string, IdKind>> = {
  campaign: 'campaign',
  audience: 'audience',
  post: 'post',
};

/** A value of a dimension as the API has it. */
export function valueText(dimension: string, value: string): string {
  const kind = ID_KINDS[dimension];
  return kind === undefined ? value : toPublicId(kind, value);
}
