import type { LogBound } from './log-bound.js';
import type { ChangeFilter } from '../search/change-filter.js';
import type { RequestFilter } from '../search/request-filter.js';

/** Which rows an export is of. */
export interface ExportScope<Filter> {
  /** UUID; null: those that belong to none. */
  readonly organizationId: string | null;
  readonly filter: Filter;
  readonly bound: LogBound;
}
export type RequestScope = ExportScope<RequestFilter>;
export type ChangeScope = ExportScope<ChangeFilter>;

/** Where reading goes on: after this row. What it is made of is the reader's own. */
export type ReadPosition = Readonly<Record<string, string | number>>;

/** Some rows, in their order, and where the next ones follow. */
export interface Chunk<Row> {
  readonly rows: readonly Row[];
  readonly position: ReadPosition;
}

/** Reads the rows of one log in an order that never changes, each once, in chunks that memory can hold. */
export interface LogReader<Row, Filter> {
  /** The rows after a position, or all. */
  chunks(scope: ExportScope<Filter>, after: ReadPosition | null): AsyncGenerator<Chunk<Row>>;
  /** About how many rows there are, by the planner's figures. */
  estimate(scope: ExportScope<Filter>): Promise<number>;
}
