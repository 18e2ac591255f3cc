import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Store } from '../../tenants/index.js';
import { ExportConfiguration } from '../export-configurations/export-configuration.entity.js';
import { Report } from '../reports/report.entity.js';

export const RUN_STATUSES = ['queued', 'running', 'succeeded', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const TRIGGERS = ['schedule', 'request'] as const;
export type Trigger = (typeof TRIGGERS)[number];

export const FORMATS = ['html', 'csv', 'json', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

/** A file that a run has made. */
export interface Artefact {
  readonly format: Format;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
  /** UUID, under which it is in the storage of artefacts; null: it is elsewhere, as `location` says. */
  readonly objectId: string | null;
  readonly location: string | null;
  /** How many things are in it; null where it is a text. */
  readonly rows: number | null;
}

export const DELIVERY_STATUSES = ['pending', 'succeeded', 'failed'] as const;

/** What was sent to one target, or is to be. */
export interface Delivery {
  readonly target: 'webhook' | 'email';
  /** The address. */
  readonly to: string;
  readonly status: (typeof DELIVERY_STATUSES)[number];
  readonly tries: number;
  /** What is wrong, in words for whoever gave the address. */
  readonly error: string | null;
  /** RFC 3339: when the target took it. */
  readonly deliveredAt: string | null;
}

/** One time that something scheduled was done, or is to be. */
@Entity('analytics_runs')
@Index('analytics_runs_of_report', ['reportId', 'createdAt', 'id'])
@Index('analytics_runs_due_report', ['reportId', 'dueAt'], { unique: true })
@Index('analytics_runs_of_export', ['exportId', 'createdAt', 'id'])
@Index('analytics_runs_due_export', ['exportId', 'dueAt'], { unique: true })
@Index('analytics_runs_of_store', ['storeId'])
@Index('analytics_runs_artefacts', { synchronize: false })
@Check('analytics_runs_status', `status IN ('queued', 'running', 'succeeded', 'failed')`)
@Check('analytics_runs_of_one', 'num_nonnulls(report_id, export_id) = 1')
export class AnalyticsRun {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'analytics_runs_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'analytics_runs_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @ForeignKey(() => Report, { name: 'analytics_runs_report', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'report_id', nullable: true })
  reportId!: string | null;
  @ForeignKey(() => ExportConfiguration, { name: 'analytics_runs_export', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'export_id', nullable: true })
  exportId!: string | null;
  @Column('text') trigger!: Trigger;
  @Column('text') status!: RunStatus;
  /** The time of the schedule that it stands for. */
  @Column('timestamp with time zone', { name: 'due_at', precision: 3, nullable: true }) dueAt!: Date | null;
  @Column('timestamp with time zone', { name: 'period_from', precision: 3, nullable: true })
  periodFrom!: Date | null;
  /** Not included. */
  @Column('timestamp with time zone', { name: 'period_to', precision: 3, nullable: true })
  periodTo!: Date | null;
  /** What was asked for when it was ordered: a change since then is for the next one. */
  @Column('jsonb') settings!: object;
  @Column('integer', { default: 0 }) tries!: number;
  @Column('text', { nullable: true }) error!: string | null;
  @Column('jsonb', { default: [] }) artefacts!: Artefact[];
  /** In no change row: addresses are personal. */
  @Column('jsonb', { default: [] }) deliveries!: Delivery[];
  /** Until when they can be fetched. */
  @Column('timestamp with time zone', { name: 'artefacts_until', precision: 3, nullable: true })
  artefactsUntil!: Date | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'started_at', precision: 3, nullable: true })
  startedAt!: Date | null;
  @Column('timestamp with time zone', { name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: Date | null;
}

export const isFinished = ({ status }: AnalyticsRun): boolean =>
  status === 'succeeded' || status === 'failed';
