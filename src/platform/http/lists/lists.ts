import { Injectable } from '@nestjs/common';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { InvalidInput } from '../../errors/index.js';
import { Cursors, type Position } from './cursors.js';
import { after, inOrder, type Keyset, keysetOf } from './keyset.js';
import type { SortedQuery } from './list-query.js';

/** Which page an answer holds. */
export interface Pagination {
  /** Counted from 1; null where the page was reached by cursor. */
  readonly page: number | null;
  readonly limit: number;
  /** All items that fit the filters, on this page and off it. */
  readonly totalCount: number;
  readonly hasMore: boolean;
  /** Where the next page starts; null at the end. */
  readonly nextCursor: string | null;
}

/** The body of every list. */
export interface Page<T> {
  readonly data: T[];
  readonly pagination: Pagination;
}

/** What a list is made of. */
export interface ListSource<E extends ObjectLiteral, T> {
  /** Names the list, and whose it is (`campaigns/<store>`): its cursors hold nowhere else. */
  readonly name: string;
  /** Selects what fits the filters, in no order. The entity's primary key is `id`. */
  readonly builder: SelectQueryBuilder<E>;
  /** A row as it is answered. */
  readonly present: (row: E) => T;
}

/** Cuts lists into pages, by number or by cursor. */
@Injectable()
export class Lists {
  constructor(private readonly cursors: Cursors) {}

  /**
   * One page, in at most two statements: the rows, and their count where the rows do not tell it.
   * `query.sortBy` is a property of the entity.
   * @throws InvalidInput for a cursor that is not this list's, or one together with a page
   */
  async page<E extends ObjectLiteral & { id: string | number }, T>(
    query: SortedQuery,
    { name, builder, present }: ListSource<E, T>,
  ): Promise<Page<T>> {
    const scope = scopeOf(name, query);
    const keyset = keysetOf(builder, query.sortBy, query.sortOrder);
    const position = this.positionOf(query, scope);
    const counter = builder.clone();
    const skipped = position ? 0 : ((query.page ?? 1) - 1) * query.limit;

    inOrder(builder, keyset);
    if (position) after(builder, keyset, position);
    else if (skipped > 0) builder.offset(skipped);
    // One row more than asked for tells whether there is another page.
    const found = await builder.limit(query.limit + 1).getMany();
    const rows = found.slice(0, query.limit);
    const hasMore = found.length > rows.length;
    const last = rows.at(-1);

    const counted = !position && !hasMore && (rows.length > 0 || skipped === 0);
    return {
      data: rows.map(present),
      pagination: {
        page: position ? null : (query.page ?? 1),
        limit: query.limit,
        totalCount: counted ? skipped + rows.length : await counter.getCount(),
        hasMore,
        nextCursor: hasMore && last ? this.cursors.sign(scope, positionAt(last, query, keyset)) : null,
      },
    };
  }

  private positionOf({ page, cursor }: SortedQuery, scope: string): Position | undefined {
    if (cursor === undefined) return undefined;
    if (page !== undefined)
      throw new InvalidInput([{ field: 'cursor', reason: 'must not come together with page' }]);
    return this.cursors.read(scope, cursor);
  }
}

const PAGING = new Set(['page', 'limit', 'cursor']);

/** The list with its filters and its order, as one text. */
function scopeOf(name: string, query: SortedQuery): string {
  const filters = Object.entries(query).filter(([key, value]) => !PAGING.has(key) && value !== undefined);
  return JSON.stringify([name, filters.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Columns of time have millisecond precision, so that a Date loses nothing. */
function positionAt<E extends { id: string | number }>(
  row: E,
  { sortBy }: SortedQuery,
  { path }: Keyset,
): Position {
  const value: unknown = Reflect.get(row, sortBy);
  const id = String(row.id);
  if (value instanceof Date) return { value: value.toISOString(), id };
  if (value === null || typeof value === 'string' || typeof value === 'number') return { value, id };
  throw new Error(`A list cannot be ordered by ${path}: its values have no place in a cursor.`);
}
