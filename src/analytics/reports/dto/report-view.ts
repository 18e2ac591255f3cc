import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../../platform/http/input/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import { CREDITED, type Credited, type Model, MODELS } from '../../attribution/attribution-sql.js';
import { GRANULARITIES, type Granularity } from '../../metrics/buckets.js';
import { SCHEDULE_STATUSES, type ScheduleStatus } from '../../schedules/scheduled.js';
import { PERIODS, type PeriodName } from '../../schedules/periods.js';
import {
  type Report,
  REPORT_FORMATS,
  type ReportAttribution,
  type ReportFormat,
  type ReportFunnel,
  type SectionName,
  SECTIONS,
} from '../report.entity.js';

const AT = { type: 'string', format: 'date-time' } as const;
const WORDS = { type: 'string', nullable: true } as const;

@ApiSchema({ name: 'ReportDelivery' })
export class ReportDeliveryView {
  @ApiProperty({ ...WORDS, example: 'https://hooks.example.com/reports' }) webhookUrl!: string | null;
  @ApiProperty({ type: [String], example: ['ada@example.com'] }) emails!: readonly string[];
}

@ApiSchema({ name: 'ReportFunnel' })
export class ReportFunnelView implements ReportFunnel {
  @ApiProperty({ type: [String], example: ['visit', 'conversion'] }) steps!: readonly string[];
  @ApiProperty({ type: 'integer', example: 168 }) windowHours!: number;
}

@ApiSchema({ name: 'ReportAttribution' })
export class ReportAttributionView implements ReportAttribution {
  @ApiProperty({ enum: CREDITED, example: 'channel' }) by!: Credited;
  @ApiProperty({ type: 'integer', example: 30 }) lookbackDays!: number;
  @ApiProperty({ enum: MODELS, example: 'last' }) sortBy!: Model;
}

/** A report as it is answered. */
@ApiSchema({ name: 'Report' })
export class ReportView {
  @ApiProperty({ type: 'string', pattern: idPattern('report'), example: 'rpt_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  id!: string;

  @ApiProperty({ type: 'string', pattern: idPattern('store'), example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  storeId!: string;

  @ApiProperty({ example: 'Last week' }) name!: string;
  @ApiProperty({ enum: SECTIONS, isArray: true, example: ['dashboard'] }) sections!: readonly SectionName[];
  @ApiProperty({ enum: PERIODS, example: 'previous-week' }) period!: PeriodName;
  @ApiProperty({ enum: GRANULARITIES, example: 'day' }) granularity!: Granularity;
  @ApiProperty({ example: 'Europe/Berlin' }) timezone!: string;
  @ApiProperty({ ...WORDS, example: 'EUR' }) currency!: string | null;
  @ApiProperty({ ...WORDS, enum: ['previous', null], example: 'previous' }) compareTo!: 'previous' | null;
  @ApiProperty({ type: ReportFunnelView, nullable: true }) funnel!: ReportFunnel | null;
  @ApiProperty({ type: ReportAttributionView, nullable: true }) attribution!: ReportAttribution | null;
  @ApiProperty({ ...WORDS, example: '0 7 * * 1' }) schedule!: string | null;
  @ApiProperty({ enum: REPORT_FORMATS, isArray: true, example: ['html'] }) formats!: readonly ReportFormat[];
  @ApiProperty({ type: ReportDeliveryView }) delivery!: ReportDeliveryView;
  @ApiProperty({ enum: SCHEDULE_STATUSES, example: 'ACTIVE' }) status!: ScheduleStatus;

  @ApiProperty({
    ...AT,
    nullable: true,
    description: 'When its schedule makes it next; null where it does not.',
    example: '2026-11-09T06:00:00.000Z',
  })
  nextRunAt!: string | null;

  @ApiProperty({ ...AT, example: '2026-02-11T08:30:00.000Z' }) createdAt!: string;
  @ApiProperty({ ...AT, example: '2026-02-11T08:30:00.000Z' }) updatedAt!: string;
}

/** A report that was just written. */
@ApiSchema({ name: 'WrittenReport' })
export class WrittenReportView extends ReportView {
  @ApiProperty({
    ...WORDS,
    description:
      'What messages to `delivery.webhookUrl` are signed with (Standard Webhooks), where that is new: shown now, and ' +
      'never again.',
    example: null,
  })
  secret!: string | null;
}

/** A row as the API answers it. */
export function viewOf(report: Report): ReportView {
  const { name, sections, period, granularity, currency, compareTo, schedule, formats, status } = report;
  const { funnel, attribution } = report;
  return {
    id: toPublicId('report', report.id),
    storeId: toPublicId('store', report.storeId),
    ...{
      name,
      sections,
      period,
      granularity,
      timezone: report.timeZone,
      currency,
      compareTo,
      funnel,
      attribution,
      schedule,
      formats,
    },
    delivery: { webhookUrl: report.webhookUrl, emails: report.emails },
    status,
    nextRunAt: report.nextRunAt?.toISOString() ?? null,
    createdAt: report.createdAt.toISOString(),
    updatedAt: report.updatedAt.toISOString(),
  };
}
