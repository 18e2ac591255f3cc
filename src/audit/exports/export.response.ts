import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../platform/http/input/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import {
  type AuditExport,
  type AuditExportRun,
  EXPORT_FORMATS,
  EXPORT_LOGS,
  EXPORT_STATUSES,
  type ExportFormat,
  type ExportLog,
  type ExportStatus,
} from './audit-export.entities.js';

@ApiSchema({ name: 'AuditExportProgress' })
export class ExportProgressResponse {
  @ApiProperty({ type: 'integer', description: 'Rows that are written and durable.' }) rowsDone!: number;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'About how many there will be, by the planner’s figures; null before the first run.',
  })
  rowsEstimated!: number | null;
}

@ApiSchema({ name: 'AuditExportResult' })
export class ExportResultResponse {
  @ApiProperty({ type: 'integer', description: 'Rows in the file.' }) count!: number;
  @ApiProperty({ type: 'integer', description: 'The size of the file.' }) bytes!: number;
  @ApiProperty({ type: 'string', pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the file.' })
  sha256!: string;
  @ApiProperty({ type: 'string', description: 'The path of the file.' }) filePath!: string;
  @ApiProperty({ type: 'string', description: 'The path of its signed manifest.' }) manifestPath!: string;
}

/** An export as it is answered. */
@ApiSchema({ name: 'AuditExport' })
export class AuditExportResponse {
  @ApiProperty({ type: 'string', pattern: idPattern('auditExport') }) id!: string;
  @ApiProperty({ type: 'string', enum: EXPORT_LOGS }) log!: ExportLog;
  @ApiProperty({ type: 'string', enum: EXPORT_FORMATS }) format!: ExportFormat;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { status: '4xx' } })
  filters!: Record<string, string>;
  @ApiProperty({
    type: 'string',
    enum: EXPORT_STATUSES,
    description: '`queued` also where it failed and is about to be tried again.',
  })
  status!: ExportStatus;
  @ApiProperty({ type: ExportProgressResponse }) progress!: ExportProgressResponse;
  @ApiProperty({ type: 'string', nullable: true, description: 'Why it failed, the last time it did.' })
  error!: string | null;
  @ApiProperty({ type: ExportResultResponse, nullable: true, description: 'Once it is done.' })
  result!: ExportResultResponse | null;
  @ApiProperty({ type: 'string', description: 'Who asked for it: a key’s or a member’s id.' })
  createdBy!: string;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'Every row that was committed before is in the export, and none that was committed after.',
  })
  createdAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) startedAt!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) finishedAt!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it is removed.' })
  expiresAt!: string;
}

@ApiSchema({ name: 'AuditExportSigningKey' })
export class ManifestKeyResponse {
  @ApiProperty({ type: 'string', description: 'Names the public key.' }) id!: string;
  @ApiProperty({ type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Ed25519 (RFC 8032).' })
  publicKey!: string;
}

/** The signed manifest of an export. */
@ApiSchema({ name: 'AuditExportManifest' })
export class ManifestResponse {
  @ApiProperty({
    type: 'string',
    description: 'Canonical JSON (RFC 8785), as a text: its bytes are what was signed.',
  })
  manifest!: string;
  @ApiProperty({ type: 'string', pattern: '^[0-9a-f]{128}$', description: 'The signature over it.' })
  signature!: string;
  @ApiProperty({ type: ManifestKeyResponse }) signingKey!: ManifestKeyResponse;
}

const BASE = '/api/v1/audit/exports';

export function presentExport(order: AuditExport, run: AuditExportRun): AuditExportResponse {
  const id = toPublicId('auditExport', order.id);
  return {
    id,
    log: order.log,
    format: order.format,
    filters: order.filters,
    status: run.status,
    progress: {
      rowsDone: run.rowsDone,
      rowsEstimated: run.rowsEstimated === null ? null : Math.max(run.rowsEstimated, run.rowsDone),
    },
    error: run.error,
    result:
      run.sha256 === null
        ? null
        : {
            count: run.rowsDone,
            bytes: run.bytes,
            sha256: run.sha256,
            filePath: `${BASE}/${id}/file`,
            manifestPath: `${BASE}/${id}/manifest`,
          },
    createdBy: toPublicId(order.actorType, order.actorId),
    createdAt: order.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    expiresAt: run.expiresAt.toISOString(),
  };
}
