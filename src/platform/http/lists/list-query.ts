import { EnumField, IntegerField, TextField } from '../input/index.js';

export const SORT_ORDERS = ['asc', 'desc'] as const;
export type SortOrder = (typeof SORT_ORDERS)[number];

/** The last page that can be asked for by its number; further ones are reached by cursor. */
export const LAST_PAGE = 10_000;

/** What every list takes; a list adds its filters, and `sortBy` with the orders it offers. */
export class ListQuery {
  @IntegerField({
    min: 1,
    max: LAST_PAGE,
    optional: true,
    description: 'The page, counted from 1, which is what comes without it. Not together with `cursor`.',
  })
  page?: number;

  @IntegerField({ min: 1, max: 100, default: 20, description: 'Most items per page.' })
  limit!: number;

  @TextField({
    max: 4_096,
    pattern: /^[A-Za-z0-9_.-]+$/,
    patternReason: 'is not a cursor of ours',
    optional: true,
    description:
      'Where to go on: `pagination.nextCursor` of the page before, with the same filters and order. ' +
      'Items added or removed meanwhile neither repeat nor hide others.',
  })
  cursor?: string;

  @EnumField({ values: SORT_ORDERS, default: 'desc', description: 'Ascending or descending.' })
  sortOrder!: SortOrder;
}

/** A list's query with the property it is ordered by. */
export interface SortedQuery extends ListQuery {
  readonly sortBy: string;
}
