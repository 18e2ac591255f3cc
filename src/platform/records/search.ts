import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { TextField } from '../http/input/index.js';

/** The parameter `q` of a list whose things have a name and a text. */
export function SearchField(): PropertyDecorator {
  return TextField({
    max: 200,
    optional: true,
    description:
      'Only those whose name or text has these words, in any form of capitals; `"…"` for words in a row, ' +
      '`or` between alternatives, `-` before what must not be there.',
    example: 'spring -garden',
  });
}

/**
 * The expression that a search looks in, as an index has it (`CREATE INDEX … USING gin (<expression>)`). Words are
 * taken as they are written: what stores write is in any language.
 */
export function searchable(columns: readonly string[]): string {
  return `to_tsvector('simple', ${columns.join(` || ' ' || `)})`;
}

/**
 * Leaves the rows that have the words of `q`, if any.
 * @param columns the database's names, as in the index
 */
export function matching<E extends ObjectLiteral>(
  builder: SelectQueryBuilder<E>,
  q: string | undefined,
  columns: readonly string[],
): void {
  if (q === undefined) return;
  const named = columns.map((column) => `${builder.alias}.${column}`);
  builder.andWhere(`${searchable(named)} @@ websearch_to_tsquery('simple', :q)`, { q });
}
