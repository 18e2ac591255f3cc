import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Store } from '../../tenants/index.js';
import type { PeriodName } from '../schedules/periods.js';
import type { Dimension } from '../rollups/dimensions.js';
import type { Format } from '../runs/run.entity.js';
import type { ScheduleStatus } from '../schedules/scheduled.js';

export const TABLES = ['events', 'metrics-daily'] as const;
export type TableName = (typeof TABLES)[number];

export const EXPORT_FORMATS = ['csv', 'ndjson'] as const satisfies readonly Format[];
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A bucket of the customer's, without the secret that opens it. */
export interface Bucket {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
  readonly accessKeyId: string;
  /** RFC 3339: since when the secret is the one that it is. */
  readonly secretSetAt: string;
}

/** Up to where events were exported. */
export interface Watermark {
  /** Restores from dumps before it: ids of transactions mean something in one cluster. */
  readonly epoch: number;
  /** A `pg_snapshot`, as text: the events of the epoch whose transactions it sees. */
  readonly snapshot: string;
}

/** What is exported of a store's analytics, when, and where to. */
@Entity('analytics_exports')
@Index('analytics_exports_by_creation', ['storeId', 'createdAt', 'id'])
@Index('analytics_exports_due', ['nextRunAt'], { where: 'next_run_at IS NOT NULL' })
@Index('analytics_exports_search', { synchronize: false })
@Check('analytics_exports_status', `status IN ('ACTIVE', 'PAUSED')`)
@Check('analytics_exports_table', `table_name IN ('events', 'metrics-daily')`)
export class ExportConfiguration {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'analytics_exports_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'analytics_exports_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'table_name' }) table!: TableName;
  /** Of daily metrics. */
  @Column('text') dimension!: Dimension | 'all';
  /** Of daily metrics; days as UTC has them. */
  @Column('text') period!: PeriodName;
  /** In this order; null: all. */
  @Column('text', { array: true, nullable: true }) columns!: string[] | null;
  @Column('text') format!: ExportFormat;
  /** Null: the files are kept here. */
  @Column('jsonb', { nullable: true }) bucket!: Bucket | null;
  /** The bucket's secret; in no change row. */
  @Column('bytea', { nullable: true }) sealed!: Buffer | null;
  /** Cron, five fields. */
  @Column('text', { nullable: true }) schedule!: string | null;
  /** IANA; of the schedule. */
  @Column('text', { name: 'time_zone' }) timeZone!: string;
  @Column('text') status!: ScheduleStatus;
  @Column('timestamp with time zone', { name: 'next_run_at', precision: 3, nullable: true })
  nextRunAt!: Date | null;
  /** Null: nothing yet. */
  @Column('jsonb', { nullable: true }) watermark!: Watermark | null;
  /** When that was. */
  @Column('timestamp with time zone', { name: 'watermark_at', precision: 3, nullable: true })
  watermarkAt!: Date | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}

/** Where a bucket's secret is sealed for. */
export const exportPlace = (exportId: string): string => `analytics-export/${exportId}`;
