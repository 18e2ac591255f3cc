import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { NotFound } from '../../platform/errors/index.js';
import { Cursors } from '../../platform/http/lists/index.js';
import { fromPublicId } from '../../platform/ids/index.js';
import { boundedRead } from './bounded-read.js';
import { changeNumberOf } from './change-id.js';
import { CHANGE_COLUMNS, type ChangeRow } from './change-row.js';
import type { ChangeFilter } from './change-filter.js';
import type { ChangeSearchQuery } from './change-search.query.js';
import { type ChangeResponse, presentChange } from './change.response.js';
import { Conditions } from './conditions.js';
import { cursorScope, type LogPage, logPage } from './log-page.js';
import { addScope, type LogScope } from './log-reader.js';
import { entityOfPublicId } from './public-ids.js';
import { invalid } from './search-errors.js';

/** Searches the change log, newest or oldest first, in the order of its numbers. */
@Injectable()
export class ChangeSearch {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  /** @throws InvalidInput; SearchTooWide */
  page(query: ChangeSearchQuery, scope: LogScope): Promise<LogPage<ChangeResponse>> {
    const cursorOf = cursorScope(`audit/changes/${scope.organizationId}`, query);
    const after = query.cursor === undefined ? undefined : this.cursors.read(cursorOf, query.cursor).id;
    const conditions = changeConditions(query, scope);
    const { sortOrder, limit } = query;
    return boundedRead(this.database, async (run) => {
      const where = conditions
        .copy()
        .addIf(after, `id ${sortOrder === 'desc' ? '<' : '>'} CAST(? AS bigint)`);
      const found = await run<ChangeRow>(
        `SELECT ${CHANGE_COLUMNS} FROM change_log WHERE ${where.sql}
         ORDER BY change_log.id ${sortOrder} LIMIT ${limit + 1}`,
        where.values,
      );
      const [counted] = query.count
        ? await run<{ count: number }>(
            `SELECT count(*)::float8 AS count FROM change_log WHERE ${conditions.sql}`,
            conditions.values,
          )
        : [];
      const cursorAt = ({ id }: ChangeRow) => this.cursors.sign(cursorOf, { value: null, id: String(id) });
      return logPage(query, found, presentChange, cursorAt, counted?.count ?? null);
    });
  }

  /** One change, by the UUID inside its id. @throws NotFound */
  async get(uuid: string, sees: (row: ChangeRow) => boolean): Promise<ChangeResponse> {
    const number = changeNumberOf(uuid);
    const [row] =
      number === undefined
        ? []
        : await this.database.query<ChangeRow>(
            `SELECT ${CHANGE_COLUMNS} FROM change_log WHERE change_log.id = $1`,
            [number],
          );
    if (!row || !sees(row)) throw new NotFound();
    return presentChange(row);
  }
}

/** What a filter asks of a change. @throws InvalidInput for a thing that has no such id */
export function changeConditions(query: ChangeFilter, scope: LogScope): Conditions {
  const conditions = addScope(new Conditions(), scope);
  const { entity, entityId } = query;
  if (entityId === undefined) conditions.addIf(entity, 'entity = ?');
  else {
    const named = entityOfPublicId(entityId) ?? (entity === undefined ? undefined : { entity, id: entityId });
    if (!named) throw invalid('entityId', 'must be an id of ours, or come together with entity');
    conditions.add('entity = ? AND entity_id = ?', named.entity, named.id);
    // a key's id together with another entity names nothing
    if (entity !== undefined && entity !== named.entity) conditions.add('false');
  }
  if (query.actor !== undefined) conditions.add('actor_type = ? AND actor_id = ?', ...actorOf(query.actor));
  return conditions
    .addIf(query.action, 'action = ?')
    .addIf(query.storeId, 'store_id = ?')
    .addIf(query.requestId, 'request_id = ?')
    .addIf(query.from, 'at >= ?')
    .addIf(query.to, 'at <= ?');
}

/** Type and id as the change log has them. */
function actorOf(actor: string): [type: string, id: string] {
  for (const kind of ['key', 'member'] as const) {
    const id = fromPublicId(kind, actor);
    if (id !== undefined) return [kind, id];
  }
  const colon = actor.indexOf(':');
  return [actor.slice(0, colon), actor.slice(colon + 1)];
}
