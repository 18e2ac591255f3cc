import type { ExportFormat, ExportLog } from './audit-export.entities.js';
import type { ChangeRow } from '../search/change-row.js';
import type { RequestRow } from '../search/request-row.js';
import { csvRecord, type CsvValue } from '../../platform/csv/index.js';
import { ocsfChange } from './ocsf/entity-management.js';
import { ocsfRequest } from './ocsf/api-activity.js';
import {
  CHANGE_COLUMNS,
  exportedChange,
  exportedRequest,
  flatChange,
  REQUEST_COLUMNS,
} from './exported-row.js';

/** How rows become the text of a file. */
export interface RowEncoder<Row> {
  /** What stands before the rows. */
  readonly head: string;
  encode(row: Row): string;
}

export function requestEncoder(format: ExportFormat): RowEncoder<RequestRow> {
  if (format === 'csv') return csvEncoder(REQUEST_COLUMNS, exportedRequest);
  return linesOf(format === 'ocsf' ? (row) => ocsfRequest(exportedRequest(row)) : exportedRequest);
}

export function changeEncoder(format: ExportFormat): RowEncoder<ChangeRow> {
  if (format === 'csv') return csvEncoder(CHANGE_COLUMNS, flatChange);
  return linesOf(format === 'ocsf' ? (row) => ocsfChange(exportedChange(row)) : exportedChange);
}

/** The media type of a file, and the end of its name. */
export const FILE_TYPES: Readonly<Record<ExportFormat, { readonly media: string; readonly ending: string }>> =
  {
    csv: { media: 'text/csv; charset=utf-8; header=present', ending: 'csv' },
    ndjson: { media: 'application/x-ndjson', ending: 'ndjson' },
    ocsf: { media: 'application/x-ndjson', ending: 'ocsf.ndjson' },
  };

/** What a file is called where it is saved, e.g. `requests-aex_….csv`. */
export function fileName(log: ExportLog, format: ExportFormat, publicId: string): string {
  return `${log}-${publicId}.${FILE_TYPES[format].ending}`;
}

function csvEncoder<Row, Name extends string>(
  columns: readonly Name[],
  present: (row: Row) => Readonly<Record<Name, CsvValue>>,
): RowEncoder<Row> {
  return {
    head: csvRecord(columns),
    encode: (row) => {
      const told = present(row);
      return csvRecord(columns.map((name) => told[name]));
    },
  };
}

/** One JSON text a line. */
function linesOf<Row>(present: (row: Row) => object): RowEncoder<Row> {
  return { head: '', encode: (row) => `${JSON.stringify(present(row))}\n` };
}
