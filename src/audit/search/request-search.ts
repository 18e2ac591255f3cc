import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { NotFound } from '../../platform/errors/index.js';
import { Cursors, type SortOrder } from '../../platform/http/lists/index.js';
import { timeOfUuid } from '../../platform/ids/index.js';
import { KEPT_REQUESTS } from '../kept-requests.js';
import { type BoundedQuery, boundedRead } from './bounded-read.js';
import { CHANGE_COLUMNS, type ChangeRow } from './change-row.js';
import { presentChange } from './change.response.js';
import type { Conditions } from './conditions.js';
import type { KeyRequestsQuery } from './key-log.query.js';
import { assertKeyIsKnown } from './known-key.js';
import { type CountedLogPageQuery, cursorScope, type LogPage, logPage } from './log-page.js';
import type { LogScope } from './log-reader.js';
import { requestsAlone } from './request-conditions.js';
import type { RequestFilter } from './request-filter.js';
import { oldestDay, REQUEST_COLUMNS, type RequestRow } from './request-row.js';
import type { RequestSearchQuery } from './request-search.query.js';
import {
  type LoggedRequestDetailResponse,
  type LoggedRequestResponse,
  presentPlaced,
  presentRequest,
} from './request.response.js';
import { addSpan, beyond, piecesOf, searchedSpan, type TimeSpan } from './time-walk.js';

/** Changes told of with a request. */
const MOST_CHANGES = 100;

/** Whether whoever asks may see a row. */
type Sees = (row: { readonly organization_id: string | null }) => boolean;

/** Searches the request log, newest or oldest first. */
@Injectable()
export class RequestSearch {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  /** @throws InvalidInput for an address that is none, and for a cursor of another search; SearchTooWide */
  page(query: RequestSearchQuery, scope: LogScope): Promise<LogPage<LoggedRequestResponse>> {
    return boundedRead(this.database, (run) => this.search(run, query, scope));
  }

  /** The same of one key (UUID), a deleted one too. @throws the same; NotFound for a key that the logs do not know */
  pageOfKey(
    keyId: string,
    query: KeyRequestsQuery,
    scope: LogScope,
  ): Promise<LogPage<LoggedRequestResponse>> {
    return boundedRead(this.database, async (run) => {
      await assertKeyIsKnown(run, keyId, scope);
      return this.search(run, { ...query, keyId }, scope);
    });
  }

  private async search(
    run: BoundedQuery,
    query: RequestFilter & CountedLogPageQuery,
    scope: LogScope,
  ): Promise<LogPage<LoggedRequestResponse>> {
    const cursorOf = cursorScope(`audit/requests/${scope.organizationId}`, query);
    const after = query.cursor === undefined ? undefined : this.cursors.read(cursorOf, query.cursor).id;
    const conditions = requestsAlone(query, scope);
    const span = narrowed(searchedSpan(query, await oldestDay(run)), query);
    const found = await findRequests(run, conditions, span, {
      after,
      order: query.sortOrder,
      limit: query.limit + 1,
    });
    const total = query.count ? await countRequests(run, conditions, span) : null;
    const cursorAt = ({ request_id: id }: RequestRow) => this.cursors.sign(cursorOf, { value: null, id });
    return logPage(query, found, presentRequest, cursorAt, total);
  }

  /**
   * A request (UUID) with what closes it and what it changed. Its id says on which day it was.
   * @throws NotFound
   */
  get(id: string, sees: Sees): Promise<LoggedRequestDetailResponse> {
    return boundedRead(this.database, async (run) => {
      const at = timeOfUuid(id);
      const rows = await run<RequestRow>(
        `SELECT ${REQUEST_COLUMNS} FROM ${KEPT_REQUESTS} WHERE request_id = $1 AND at >= $2 AND at < $3
         ORDER BY completes NULLS FIRST, writer, batch_no, position`,
        [id, new Date(at), new Date(at + 1)],
      );
      const [row, ...closing] = rows;
      if (!row || !sees(row)) throw new NotFound();
      const changes = await run<ChangeRow>(
        `SELECT ${CHANGE_COLUMNS} FROM change_log WHERE request_id = $1 ORDER BY change_log.id LIMIT ${MOST_CHANGES + 1}`,
        [id],
      );
      return {
        ...presentPlaced(row),
        closedBy: closing.map(presentPlaced),
        changes: changes.filter(sees).slice(0, MOST_CHANGES).map(presentChange),
        hasMoreChanges: changes.length > MOST_CHANGES,
      };
    });
  }
}

/** A request that is named is looked for on its own day. */
export function narrowed(span: TimeSpan, { requestId }: RequestFilter): TimeSpan {
  if (requestId === undefined) return span;
  return beyond(beyond(span, requestId, 'asc'), requestId, 'desc');
}

export interface RequestWalk {
  /** The id (UUID) of the last row of the page before. */
  readonly after: string | undefined;
  readonly order: SortOrder;
  readonly limit: number;
}

/** The first rows that fit, in the order of their ids, which is the order in which the requests arrived. */
export async function findRequests(
  query: BoundedQuery,
  conditions: Conditions,
  span: TimeSpan,
  { after, order, limit }: RequestWalk,
): Promise<RequestRow[]> {
  const rest = conditions.copy();
  if (after !== undefined) rest.add(`request_id ${order === 'desc' ? '<' : '>'} ?`, after);
  const found: RequestRow[] = [];
  for (const piece of piecesOf(after === undefined ? span : beyond(span, after, order), order)) {
    const where = addSpan(rest.copy(), piece);
    const rows = await query<RequestRow>(
      `SELECT ${REQUEST_COLUMNS} FROM ${KEPT_REQUESTS} WHERE ${where.sql}
       ORDER BY request_id ${order} LIMIT ${limit - found.length}`,
      where.values,
    );
    found.push(...rows);
    if (found.length >= limit) break;
  }
  return found;
}

async function countRequests(query: BoundedQuery, conditions: Conditions, span: TimeSpan): Promise<number> {
  const where = addSpan(conditions.copy(), span);
  const [row] = await query<{ count: number }>(
    `SELECT count(*)::float8 AS count FROM ${KEPT_REQUESTS} WHERE ${where.sql}`,
    where.values,
  );
  return row?.count ?? 0;
}
