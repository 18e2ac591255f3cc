import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import type { LogBound } from './log-bound.js';
import type { ReadPosition } from './log-reader.js';

export const EXPORT_LOGS = ['requests', 'changes'] as const;
export type ExportLog = (typeof EXPORT_LOGS)[number];

export const EXPORT_FORMATS = ['csv', 'ndjson', 'ocsf'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** `queued` before its first run, and between a failed run and the next. */
export const EXPORT_STATUSES = ['queued', 'running', 'done', 'failed'] as const;
export type ExportStatus = (typeof EXPORT_STATUSES)[number];

/** What was asked for; never changed. */
@Entity('audit_exports')
@Index('audit_exports_of_organization', ['organizationId', 'createdAt', 'id'])
@Check('audit_exports_log', `log IN ('requests', 'changes')`)
@Check('audit_exports_format', `format IN ('csv', 'ndjson', 'ocsf')`)
export class AuditExport {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audit_exports_pk' }) id!: string;
  @Column('uuid', { name: 'organization_id' }) organizationId!: string;
  /** Whose rows it has; null: those that belong to none. */
  @Column('uuid', { name: 'of_organization_id', nullable: true }) ofOrganizationId!: string | null;
  @Column('text', { name: 'actor_type' }) actorType!: 'key' | 'member';
  @Column('text', { name: 'actor_id' }) actorId!: string;
  @Column('text') log!: ExportLog;
  @Column('text') format!: ExportFormat;
  /** As the search's parameters are written. */
  @Column('jsonb') filters!: Record<string, string>;
  @Column('jsonb') bound!: LogBound;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3 }) createdAt!: Date;
  /** Selected with it, by whoever needs it. */
  run?: AuditExportRun;
}

/** How far an export has come. */
@Entity('audit_export_runs')
@Index('audit_export_runs_end', ['expiresAt'])
@Check('audit_export_runs_status', `status IN ('queued', 'running', 'done', 'failed')`)
export class AuditExportRun {
  @ForeignKey(() => AuditExport, { name: 'audit_export_runs_export', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'export_id', primaryKeyConstraintName: 'audit_export_runs_pk' })
  exportId!: string;
  @Column('text') status!: ExportStatus;
  /** Names the artefact; null while nothing of it is durable. */
  @Column('uuid', { name: 'run_id', nullable: true }) runId!: string | null;
  @Column('jsonb', { nullable: true }) position!: ReadPosition | null;
  @Column('bigint', { name: 'rows_done', transformer: numeric }) rowsDone!: number;
  @Column('bigint', { name: 'rows_estimated', nullable: true, transformer: numeric }) rowsEstimated!:
    number | null;
  @Column('bigint', { transformer: numeric }) bytes!: number;
  /** Runs that failed by themselves; those that a crash or a stop ended are not counted. */
  @Column('integer') failures!: number;
  /** Why it failed, for the public. */
  @Column('text', { nullable: true }) error!: string | null;
  @Column('text', { nullable: true }) sha256!: string | null;
  @Column('text', { nullable: true }) manifest!: string | null;
  @Column('bytea', { nullable: true }) signature!: Buffer | null;
  @Column('timestamp with time zone', { name: 'started_at', precision: 3, nullable: true })
  startedAt!: Date | null;
  @Column('timestamp with time zone', { name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: Date | null;
  @Column('timestamp with time zone', { name: 'expires_at', precision: 3 }) expiresAt!: Date;
}
