import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { readInput } from '../../platform/http/input/index.js';
import { ChangeFilter } from '../search/change-filter.js';
import { RequestFilter } from '../search/request-filter.js';
import type { AuditExport } from './audit-export.entities.js';
import { ChangeReader } from './change-reader.js';
import { changeEncoder, requestEncoder, type RowEncoder } from './export-format.js';
import type { ExportScope, LogReader, ReadPosition } from './log-reader.js';
import { RequestReader } from './request-reader.js';

/** Some rows as the bytes of a file, and where the next ones follow. */
export interface TextChunk {
  readonly bytes: Buffer;
  readonly rows: number;
  readonly position: ReadPosition;
}

/** What is asked for, as far as its text depends on it. */
export type TextOrder = Pick<AuditExport, 'log' | 'format' | 'filters' | 'bound' | 'ofOrganizationId'>;

/** The text of one export: the same rows, in the same order, make the same bytes. */
export interface ExportText {
  /** What stands before the first row. */
  readonly head: Buffer;
  /** The rows after a position, or all. */
  chunks(after: ReadPosition | null): AsyncGenerator<TextChunk>;
  /** About how many rows there are. */
  estimate(): Promise<number>;
}

/** Makes rows of the logs the text of a file. */
@Injectable()
export class LogText {
  private readonly requests: RequestReader;
  private readonly changes: ChangeReader;

  constructor(database: Database) {
    this.requests = new RequestReader(database);
    this.changes = new ChangeReader(database);
  }

  of({ log, format, filters, bound, ofOrganizationId: organizationId }: TextOrder): ExportText {
    if (log === 'requests') {
      const scope = { organizationId, filter: readInput(RequestFilter, filters, 'query'), bound };
      return textOf(this.requests, requestEncoder(format), scope);
    }
    const scope = { organizationId, filter: readInput(ChangeFilter, filters, 'query'), bound };
    return textOf(this.changes, changeEncoder(format), scope);
  }
}

function textOf<Row, Filter>(
  reader: LogReader<Row, Filter>,
  encoder: RowEncoder<Row>,
  scope: ExportScope<Filter>,
): ExportText {
  return {
    head: Buffer.from(encoder.head),
    estimate: () => reader.estimate(scope),
    chunks: async function* (after) {
      for await (const { rows, position } of reader.chunks(scope, after)) {
        let text = '';
        for (const row of rows) text += encoder.encode(row);
        yield { bytes: Buffer.from(text), rows: rows.length, position };
      }
    },
  };
}
