import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { Cursors, type Position, type SortOrder } from '../../platform/http/lists/index.js';
import { timeOfUuid } from '../../platform/ids/index.js';
import { type BoundedQuery, boundedRead } from './bounded-read.js';
import { CHANGE_COLUMNS, type ChangeRow } from './change-row.js';
import { presentChange } from './change.response.js';
import { Conditions } from './conditions.js';
import type { TimelineQuery } from './key-log.query.js';
import { assertKeyIsKnown } from './known-key.js';
import { cursorScope, type LogPage, logPage } from './log-page.js';
import { addScope, type LogScope } from './log-reader.js';
import { requestsAlone } from './request-conditions.js';
import { findRequests } from './request-search.js';
import { oldestDay, type RequestRow } from './request-row.js';
import { presentRequest } from './request.response.js';
import { firstIdOf, searchedSpan } from './time-walk.js';
import type { TimelineEntryResponse } from './timeline.response.js';

type Entry =
  | { readonly kind: 'change'; readonly at: number; readonly row: ChangeRow }
  | { readonly kind: 'request'; readonly at: number; readonly row: RequestRow };

/**
 * What a key did and what was done to it, as one list: by time, changes before requests of the same millisecond,
 * then by id.
 */
@Injectable()
export class Timeline {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  /** Of a deleted key (UUID) too. @throws NotFound; InvalidInput for a cursor of another list; SearchTooWide */
  page(keyId: string, query: TimelineQuery, scope: LogScope): Promise<LogPage<TimelineEntryResponse>> {
    const cursorOf = cursorScope(`audit/timeline/${scope.organizationId}/${keyId}`, query);
    const after = query.cursor === undefined ? undefined : this.cursors.read(cursorOf, query.cursor);
    return boundedRead(this.database, async (run) => {
      await assertKeyIsKnown(run, keyId, scope);
      const found = [
        ...(await changesOf(run, keyId, query, scope, after)),
        ...(await requestsOf(run, keyId, query, scope, after)),
      ].sort((a, b) => (query.sortOrder === 'desc' ? compare(b, a) : compare(a, b)));
      const cursorAt = ({ kind, at, row }: Entry) =>
        this.cursors.sign(cursorOf, {
          value: at,
          id: kind === 'change' ? String(row.id) : row.request_id,
        });
      return logPage(query, found.slice(0, query.limit + 1), present, cursorAt, null);
    });
  }
}

async function requestsOf(
  run: BoundedQuery,
  keyId: string,
  query: TimelineQuery,
  scope: LogScope,
  after: Position | undefined,
): Promise<Entry[]> {
  const rows = await findRequests(
    run,
    requestsAlone({ keyId }, scope),
    searchedSpan(query, await oldestDay(run)),
    {
      after: after && requestAfter(after),
      order: query.sortOrder,
      limit: query.limit + 1,
    },
  );
  return rows.map((row) => ({ kind: 'request', at: timeOfUuid(row.request_id), row }));
}

/** Beyond a change come the requests of its millisecond in rising order; in falling order they came before it. */
function requestAfter({ value, id }: Position): string {
  return isChange(id) ? firstIdOf(Number(value)) : id;
}

async function changesOf(
  run: BoundedQuery,
  keyId: string,
  { from, to, sortOrder, limit }: TimelineQuery,
  scope: LogScope,
  after: Position | undefined,
): Promise<Entry[]> {
  const where = addScope(new Conditions(), scope)
    .add(
      `(entity = 'key' AND entity_id = ? OR entity = 'key_secret' AND coalesce(after, before)->>'key_id' = ?)`,
      keyId,
      keyId,
    )
    .addIf(from, 'at >= ?')
    .addIf(to, 'at <= ?');
  if (after) addAfter(where, after, sortOrder);
  const rows = await run<ChangeRow>(
    `SELECT ${CHANGE_COLUMNS} FROM change_log WHERE ${where.sql}
     ORDER BY change_log.at ${sortOrder}, change_log.id ${sortOrder} LIMIT ${limit + 1}`,
    where.values,
  );
  return rows.map((row) => ({ kind: 'change', at: row.at.getTime(), row }));
}

function addAfter(where: Conditions, { value, id }: Position, order: SortOrder): void {
  const at = new Date(Number(value));
  if (isChange(id)) {
    const row = order === 'desc' ? '<' : '>';
    where.add(`(at, change_log.id) ${row} (CAST(? AS timestamptz), CAST(? AS bigint))`, at, id);
  } else where.add(order === 'desc' ? 'at <= ?' : 'at > ?', at);
}

/** The digits of a change's number, and not a request's UUID. */
const isChange = (id: string): boolean => /^\d+$/.test(id);

function compare(a: Entry, b: Entry): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.kind === 'change' && b.kind === 'change') return a.row.id - b.row.id;
  if (a.kind === 'request' && b.kind === 'request') return a.row.request_id < b.row.request_id ? -1 : 1;
  return a.kind === 'change' ? -1 : 1;
}

function present(entry: Entry): TimelineEntryResponse {
  return {
    at: new Date(entry.at).toISOString(),
    kind: entry.kind,
    request: entry.kind === 'request' ? presentRequest(entry.row) : null,
    change: entry.kind === 'change' ? presentChange(entry.row) : null,
  };
}
