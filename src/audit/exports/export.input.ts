import { EnumField, TextMapField } from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';
import {
  EXPORT_FORMATS,
  EXPORT_LOGS,
  EXPORT_STATUSES,
  type ExportFormat,
  type ExportLog,
  type ExportStatus,
} from './audit-export.entities.js';

/** What is to be exported. */
export class CreateAuditExportInput {
  @EnumField({ values: EXPORT_LOGS, description: 'Which log.' }) log!: ExportLog;

  @EnumField({
    values: EXPORT_FORMATS,
    description:
      '`csv` (RFC 4180, with a line of names; cells that a spreadsheet would calculate begin with an apostrophe), ' +
      '`ndjson` (one row a line, in the form of this API), or `ocsf` (one OCSF 1.5.0 event a line: API Activity, 6003, ' +
      'for requests, Entity Management, 3004, for changes).',
  })
  format!: ExportFormat;

  @TextMapField({
    maxEntries: 20,
    name: { max: 50 },
    value: { min: 1, max: 500 },
    optional: true,
    description:
      'Which rows: parameters of `GET /audit/requests`, or of `GET /audit/changes`, that filter, as they are written ' +
      'there; without any, all of your organization.',
    example: { status: '4xx', from: '2026-03-01' },
  })
  filters?: Record<string, string>;
}

const ORDERS = ['createdAt'] as const;

export class ListAuditExportsQuery extends ListQuery {
  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof ORDERS)[number];

  @EnumField({ values: EXPORT_STATUSES, optional: true, description: 'Of this status alone.' })
  status?: ExportStatus;

  @EnumField({ values: EXPORT_LOGS, optional: true, description: 'Of this log alone.' }) log?: ExportLog;
}
