import type { Database } from '../../platform/database/index.js';
import { KEPT_REQUESTS } from '../kept-requests.js';
import type { Conditions } from '../search/conditions.js';
import { requestConditions } from '../search/request-conditions.js';
import type { RequestFilter } from '../search/request-filter.js';
import { REQUEST_COLUMNS, type RequestRow } from '../search/request-row.js';
import { estimatedRows } from './estimate.js';
import type { Chunk, LogReader, ReadPosition, RequestScope } from './log-reader.js';

/** A row of the log has some kilobytes at most. */
const CHUNK_ROWS = 2_000;
const DAY_MS = 86_400_000;

/** Where a request's row stands. Its id alone is no place: a row that completes it has the same. */
interface RequestPosition {
  readonly day: number;
  readonly requestId: string;
  readonly writer: number;
  readonly batchNo: number;
  readonly position: number;
}

/** Reads the request log day by day, which is partition by partition, and each day in the order of request ids. */
export class RequestReader implements LogReader<RequestRow, RequestFilter> {
  constructor(private readonly database: Database) {}

  async *chunks(scope: RequestScope, after: ReadPosition | null): AsyncGenerator<Chunk<RequestRow>> {
    let place = after as RequestPosition | null;
    const first = place?.day ?? (await this.firstDay(scope));
    if (first === undefined) return;
    const { to } = scope.filter;
    // A clock of another process may be ahead of the database's, by less than a day.
    const last = Math.min(scope.bound.at + DAY_MS, to?.getTime() ?? Infinity);
    for (let day = first; day <= last; day += DAY_MS) {
      for (let full = true; full;) {
        const stored = await this.read(scope, day, place);
        const end = stored.at(-1);
        if (!end) break;
        const { request_id: requestId, writer, batch_no: batchNo, position } = end;
        place = { day, requestId, writer, batchNo, position };
        yield { rows: stored, position: { ...place } };
        full = stored.length === CHUNK_ROWS;
      }
      place = null;
    }
  }

  estimate(scope: RequestScope): Promise<number> {
    const { sql, values } = conditionsOf(scope);
    return estimatedRows(this.database, `SELECT FROM ${KEPT_REQUESTS} WHERE ${sql}`, values);
  }

  /** The start of the first day that may have rows; ids are made a moment before or after the time beside them. */
  private async firstDay({ organizationId, filter }: RequestScope): Promise<number | undefined> {
    const [row] = await this.database.query<{ at: Date }>(
      `SELECT at FROM ${KEPT_REQUESTS} WHERE organization_id IS NOT DISTINCT FROM $1 ORDER BY request_id LIMIT 1`,
      [organizationId],
    );
    if (!row) return undefined;
    const oldest = startOfDay(row.at.getTime()) - DAY_MS;
    return filter.from === undefined ? oldest : Math.max(oldest, startOfDay(filter.from.getTime()));
  }

  private read(scope: RequestScope, day: number, place: RequestPosition | null): Promise<RequestRow[]> {
    const conditions = conditionsOf(scope).add('at >= ? AND at < ?', new Date(day), new Date(day + DAY_MS));
    if (place) {
      const { requestId, writer, batchNo, position } = place;
      conditions.add(
        'request_id >= ? AND (request_id, writer, kept.batch_no, position) > (?, ?, ?, ?)',
        ...[requestId, requestId, writer, batchNo, position],
      );
    }
    return this.database.query<RequestRow>(
      `SELECT ${REQUEST_COLUMNS} FROM ${KEPT_REQUESTS} WHERE ${conditions.sql}
       ORDER BY request_id, writer, kept.batch_no, position LIMIT ${CHUNK_ROWS}`,
      conditions.values,
    );
  }
}

function conditionsOf({ organizationId, filter, bound }: RequestScope): Conditions {
  return requestConditions(filter, { organizationId })
    .add(
      `EXISTS (SELECT FROM unnest(?::integer[], ?::bigint[]) AS b (writer, batch_no)
         WHERE b.writer = kept.writer AND b.batch_no >= kept.batch_no)`,
      bound.writers,
      bound.batches,
    )
    .addIf(filter.from, 'at >= ?')
    .addIf(filter.to, 'at <= ?');
}

function startOfDay(at: number): number {
  return at - (at % DAY_MS);
}
