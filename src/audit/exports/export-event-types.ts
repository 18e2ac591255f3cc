import { z } from 'zod';
import { type EventType, eventType, idIn, type NewEvent, timeIn } from '../../platform/events/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import {
  type AuditExport,
  type AuditExportRun,
  EXPORT_FORMATS,
  EXPORT_LOGS,
} from './audit-export.entities.js';

export const EXPORT_EVENT_TYPES: readonly EventType[] = [
  eventType('export.ready', 'An export of a log can be fetched.', {
    id: idIn('auditExport'),
    log: z.enum(EXPORT_LOGS),
    format: z.enum(EXPORT_FORMATS),
    count: z.int().describe('Rows in the file.'),
    bytes: z.int(),
    sha256: z.string(),
    createdBy: z.string().describe('Who asked for it: a key’s or a member’s id.'),
    expiresAt: timeIn().describe('When it is removed.'),
  }),
];

/** What is told of an export that is done. */
export function exportReady(order: AuditExport, run: AuditExportRun): NewEvent {
  const id = toPublicId('auditExport', order.id);
  return {
    type: 'export.ready',
    organizationId: order.organizationId,
    storeId: null,
    subjectId: id,
    data: {
      id,
      log: order.log,
      format: order.format,
      count: run.rowsDone,
      bytes: run.bytes,
      sha256: run.sha256,
      createdBy: toPublicId(order.actorType, order.actorId),
      expiresAt: run.expiresAt,
    },
  };
}
