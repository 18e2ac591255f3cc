import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Store } from '../../tenants/index.js';
import type { Credited, Model } from '../attribution/attribution-sql.js';
import type { Granularity } from '../metrics/buckets.js';
import type { Format } from '../runs/run.entity.js';
import type { ScheduleStatus } from '../schedules/scheduled.js';
import type { PeriodName } from '../schedules/periods.js';

/** What a report can show. */
export const SECTIONS = [
  ...(['dashboard', 'campaigns', 'audiences', 'posts', 'traffic', 'funnel', 'attribution'] as const),
] as const;
export type SectionName = (typeof SECTIONS)[number];

export const REPORT_FORMATS = ['html', 'csv', 'json'] as const satisfies readonly Format[];
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Which funnel the section of that name shows. */
export interface ReportFunnel {
  /** As the route of funnels takes them. */
  readonly steps: readonly string[];
  readonly windowHours: number;
}

/** How conversions are shared in the section of that name. */
export interface ReportAttribution {
  readonly by: Credited;
  readonly lookbackDays: number;
  readonly sortBy: Model;
}

/** Figures of a span of days, made when they are asked for or by a clock, and sent to whoever wants them. */
@Entity('analytics_reports')
@Index('analytics_reports_by_creation', ['storeId', 'createdAt', 'id'])
@Index('analytics_reports_due', ['nextRunAt'], { where: 'next_run_at IS NOT NULL' })
@Index('analytics_reports_search', { synchronize: false })
@Check('analytics_reports_status', `status IN ('ACTIVE', 'PAUSED')`)
export class Report {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'analytics_reports_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'analytics_reports_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @Column('text') name!: string;
  @Column('text', { array: true }) sections!: SectionName[];
  @Column('text') period!: PeriodName;
  @Column('text') granularity!: Granularity;
  /** IANA. */
  @Column('text', { name: 'time_zone' }) timeZone!: string;
  @Column('text', { nullable: true }) currency!: string | null;
  @Column('text', { name: 'compare_to', nullable: true }) compareTo!: 'previous' | null;
  /** Of the section `funnel`, which needs it. */
  @Column('jsonb', { nullable: true }) funnel!: ReportFunnel | null;
  /** Of the section `attribution`; without it, by the route's defaults. */
  @Column('jsonb', { nullable: true }) attribution!: ReportAttribution | null;
  /** Cron, five fields. */
  @Column('text', { nullable: true }) schedule!: string | null;
  @Column('text', { array: true }) formats!: ReportFormat[];
  @Column('text', { name: 'webhook_url', nullable: true }) webhookUrl!: string | null;
  /** In no change row. */
  @Column('text', { array: true, default: [] }) emails!: string[];
  /** What messages to the webhook are signed with, where there is one; in no change row. */
  @Column('bytea', { nullable: true }) sealed!: Buffer | null;
  @Column('text') status!: ScheduleStatus;
  @Column('timestamp with time zone', { name: 'next_run_at', precision: 3, nullable: true })
  nextRunAt!: Date | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}

/** Where a report's secret is sealed for. */
export const reportPlace = (reportId: string): string => `analytics-report/${reportId}`;
