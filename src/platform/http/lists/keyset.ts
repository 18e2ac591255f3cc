import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Position } from './cursors.js';
import type { SortOrder } from './list-query.js';

/** The order of a list: by one property of its entity, rows without a value last, ties broken by id. */
export interface Keyset {
  /** `campaign.createdAt`. */
  readonly path: string;
  readonly idPath: string;
  /** The id's SQL type. */
  readonly idType: string;
  /** The column's SQL type. */
  readonly type: string;
  readonly nullable: boolean;
  readonly order: SortOrder;
}

/** The order that a builder's entity has by a property. @throws Error where the entity has no such property */
export function keysetOf<E extends ObjectLiteral>(
  builder: SelectQueryBuilder<E>,
  property: string,
  order: SortOrder,
): Keyset {
  const { metadata, name } = builder.expressionMap.mainAlias ?? {};
  const column = metadata?.findColumnWithPropertyName(property);
  if (!column || name === undefined) throw new Error(`A list cannot be ordered by "${property}".`);
  return {
    path: `${name}.${property}`,
    idPath: `${name}.id`,
    idType: sqlType(metadata?.findColumnWithPropertyName('id')),
    type: sqlType(column),
    nullable: column.isNullable,
    order,
  };
}

function sqlType(column: { readonly type: unknown } | undefined): string {
  return typeof column?.type === 'string' ? column.type : 'text';
}

/** Puts the rows in order. */
export function inOrder<E extends ObjectLiteral>(builder: SelectQueryBuilder<E>, keyset: Keyset): void {
  const direction = keyset.order === 'asc' ? 'ASC' : 'DESC';
  builder.orderBy(keyset.path, direction, keyset.nullable ? 'NULLS LAST' : undefined);
  builder.addOrderBy(keyset.idPath, direction);
}

/** Leaves out the rows up to a position and the one at it. */
export function after<E extends ObjectLiteral>(
  builder: SelectQueryBuilder<E>,
  { path, idPath, idType, type, nullable, order }: Keyset,
  { value, id }: Position,
): void {
  const beyond = order === 'asc' ? '>' : '<';
  const idBeyond = `${idPath} ${beyond} CAST(:cursorId AS ${idType})`;
  if (value === null) {
    builder.andWhere(`${path} IS NULL AND ${idBeyond}`, { cursorId: id });
    return;
  }
  const row = `(${path}, ${idPath}) ${beyond} (CAST(:cursorValue AS ${type}), CAST(:cursorId AS ${idType}))`;
  builder.andWhere(nullable ? `(${row} OR ${path} IS NULL)` : row, { cursorValue: value, cursorId: id });
}
