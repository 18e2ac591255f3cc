import type { SelectQueryBuilder } from 'typeorm';
import type { Transaction } from '../platform/database/index.js';
import { ChangeLogRow } from './log.entities.js';

export type { ChangeLogRow } from './log.entities.js';

/** Which changes are meant. */
export interface ChangesOf {
  /** As the change log names it, e.g. `organization`. */
  readonly entity: string;
  /** UUID. */
  readonly id: string;
  /** What must have changed: any of these columns. */
  readonly columns: readonly string[];
}

/** The making of one row, and every update of some of its columns; for a list, in no order yet. */
export function changesOf(
  tx: Transaction,
  { entity, id, columns }: ChangesOf,
): SelectQueryBuilder<ChangeLogRow> {
  return tx
    .createQueryBuilder(ChangeLogRow, 'change')
    .where('change.entity = :entity AND change.entityId = :id', { entity, id })
    .andWhere(
      `(change.action = 'insert' OR change.action = 'update' AND EXISTS (
         SELECT FROM unnest(CAST(:columns AS text[])) AS c (name)
         WHERE change.before -> c.name IS DISTINCT FROM change.after -> c.name))`,
      { columns },
    );
}
