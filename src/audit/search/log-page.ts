import { EnumField, FlagField, IntegerField, TextField } from '../../platform/http/input/index.js';
import { SORT_ORDERS, type SortOrder } from '../../platform/http/lists/index.js';

/** How the logs are paged: by cursor alone. */
export class LogPageQuery {
  @IntegerField({ min: 1, max: 100, default: 20, description: 'Most items per page.' })
  limit!: number;

  @TextField({
    max: 4_096,
    pattern: /^[A-Za-z0-9_.-]+$/,
    patternReason: 'is not a cursor of ours',
    optional: true,
    description:
      'Where to go on: `pagination.nextCursor` of the page before, with the same filters and order. ' +
      'What is logged meanwhile neither repeats nor hides anything.',
  })
  cursor?: string;

  @EnumField({ values: SORT_ORDERS, default: 'desc', description: 'The newest first, or the oldest.' })
  sortOrder!: SortOrder;
}

/** A page that can be asked to count. */
export class CountedLogPageQuery extends LogPageQuery {
  @FlagField({
    default: false,
    description:
      'Count all that fit, too, as `pagination.totalCount`. It reads all of them: narrow the search by time.',
  })
  count!: boolean;
}

/** Which page an answer holds. */
export interface LogPagination {
  readonly page: null;
  readonly limit: number;
  /** Null where nobody asked for it. */
  readonly totalCount: number | null;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
}

export interface LogPage<T> {
  readonly data: T[];
  readonly pagination: LogPagination;
}

/**
 * Cuts what was found to a page.
 * @param found one more than the page takes tells that there are more
 * @param cursorAt signs the place of a page's last row
 */
export function logPage<Row, T>(
  { limit }: Pick<LogPageQuery, 'limit'>,
  found: readonly Row[],
  present: (row: Row) => T,
  cursorAt: (row: Row) => string,
  totalCount: number | null,
): LogPage<T> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const hasMore = found.length > rows.length;
  return {
    data: rows.map(present),
    pagination: {
      page: null,
      limit,
      totalCount,
      hasMore,
      nextCursor: hasMore && last ? cursorAt(last) : null,
    },
  };
}

/** What a cursor of a search is bound to: all of its query but the page, as one text. */
export function cursorScope(name: string, query: object): string {
  const filters = Object.entries(query)
    .filter(([key, value]) => !['limit', 'cursor', 'count'].includes(key) && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, filters]);
}
