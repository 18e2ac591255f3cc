import type { Database } from '../../platform/database/index.js';
import { changeConditions } from '../search/change-search.js';
import { CHANGE_COLUMNS, type ChangeRow } from '../search/change-row.js';
import type { ChangeFilter } from '../search/change-filter.js';
import type { Conditions } from '../search/conditions.js';
import { estimatedRows } from './estimate.js';
import type { ChangeScope, Chunk, LogReader, ReadPosition } from './log-reader.js';

const CHUNK_ROWS = 1_000;
/** A changed row may be as large as a request's body: a chunk ends early where its rows are. */
const CHUNK_BYTES = 8 * 1_048_576;

/** Reads the change log in the order of its ids. */
export class ChangeReader implements LogReader<ChangeRow, ChangeFilter> {
  constructor(private readonly database: Database) {}

  async *chunks(scope: ChangeScope, after: ReadPosition | null): AsyncGenerator<Chunk<ChangeRow>> {
    let id = after?.['id'];
    for (;;) {
      const rows = await this.read(scope, id);
      const end = rows.at(-1);
      if (!end) return;
      id = end.id;
      yield { rows, position: { id } };
    }
  }

  estimate(scope: ChangeScope): Promise<number> {
    const { sql, values } = conditionsOf(scope);
    return estimatedRows(this.database, `SELECT FROM change_log WHERE ${sql}`, values);
  }

  private read(scope: ChangeScope, after: string | number | undefined): Promise<ChangeRow[]> {
    const { sql, values } = conditionsOf(scope).addIf(after, 'id > ?');
    return this.database.query<ChangeRow>(
      `SELECT ${CHANGE_COLUMNS} FROM change_log WHERE change_log.id IN (
         SELECT chunk.id FROM (
           SELECT s.id, sum(s.bytes) OVER (ORDER BY s.id) - s.bytes AS bytes_before
           FROM (SELECT id, coalesce(octet_length(before::text), 0) + coalesce(octet_length(after::text), 0) AS bytes
             FROM change_log WHERE ${sql} ORDER BY id LIMIT ${CHUNK_ROWS}) AS s
         ) AS chunk WHERE chunk.bytes_before < ${CHUNK_BYTES})
       ORDER BY change_log.id`,
      values,
    );
  }
}

function conditionsOf({ organizationId, filter, bound }: ChangeScope): Conditions {
  return changeConditions(filter, { organizationId }).add(
    'pg_visible_in_snapshot(transaction_id, ?::pg_snapshot)',
    bound.snapshot,
  );
}
