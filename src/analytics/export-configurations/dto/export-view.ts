import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../../platform/http/input/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import { PERIODS, type PeriodName } from '../../schedules/periods.js';
import { ALL, DIMENSION_NAMES } from '../../rollups/dimensions.js';
import { SCHEDULE_STATUSES, type ScheduleStatus } from '../../schedules/scheduled.js';
import {
  EXPORT_FORMATS,
  type ExportConfiguration,
  type ExportFormat,
  type TableName,
  TABLES,
} from '../export-configuration.entity.js';
import { columnsOf } from '../export-tables.js';
import { DESTINATIONS } from './export-body.js';

const AT = { type: 'string', format: 'date-time' } as const;
const WORDS = { type: 'string', nullable: true } as const;

@ApiSchema({ name: 'ExportDestination' })
export class ExportDestinationView {
  @ApiProperty({ enum: DESTINATIONS, example: 's3' }) type!: (typeof DESTINATIONS)[number];
  @ApiProperty({ ...WORDS, example: 'https://s3.eu-central-1.amazonaws.com' }) endpoint!: string | null;
  @ApiProperty({ ...WORDS, example: 'shop-analytics' }) bucket!: string | null;
  @ApiProperty({ ...WORDS, example: 'eu-central-1' }) region!: string | null;
  @ApiProperty({ ...WORDS, example: 'gatehouse/' }) prefix!: string | null;
  @ApiProperty({ ...WORDS, example: 'AKIAEXAMPLE' }) accessKeyId!: string | null;

  @ApiProperty({
    ...AT,
    nullable: true,
    description: 'Since when its secret is the one that it is.',
    example: '2026-02-11T08:30:00.000Z',
  })
  secretSetAt!: string | null;
}

/** An export configuration as it is answered. */
@ApiSchema({ name: 'ExportConfiguration' })
export class ExportConfigurationView {
  @ApiProperty({
    type: 'string',
    pattern: idPattern('exportConfiguration'),
    example: 'xpc_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  id!: string;

  @ApiProperty({ type: 'string', pattern: idPattern('store'), example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  storeId!: string;

  @ApiProperty({ example: 'Events, hourly' }) name!: string;
  @ApiProperty({ enum: TABLES, example: 'events' }) table!: TableName;
  @ApiProperty({ enum: [ALL, ...DIMENSION_NAMES], example: 'all' })
  dimension!: ExportConfiguration['dimension'];
  @ApiProperty({ enum: PERIODS, example: 'previous-day' }) period!: PeriodName;
  @ApiProperty({ type: [String], example: ['id', 'time', 'kind'] }) columns!: readonly string[];
  @ApiProperty({ enum: EXPORT_FORMATS, example: 'ndjson' }) format!: ExportFormat;
  @ApiProperty({ type: ExportDestinationView }) destination!: ExportDestinationView;
  @ApiProperty({ ...WORDS, example: '5 * * * *' }) schedule!: string | null;
  @ApiProperty({ example: 'Europe/Berlin' }) timezone!: string;
  @ApiProperty({ enum: SCHEDULE_STATUSES, example: 'ACTIVE' }) status!: ScheduleStatus;

  @ApiProperty({
    ...AT,
    nullable: true,
    description: 'When its schedule makes it next; null where it does not.',
    example: '2026-11-09T06:05:00.000Z',
  })
  nextRunAt!: string | null;

  @ApiProperty({
    ...AT,
    nullable: true,
    description: 'Of `events`: when the last export took what was there; null: nothing yet.',
    example: '2026-11-09T05:05:01.000Z',
  })
  exportedUntil!: string | null;

  @ApiProperty({ ...AT, example: '2026-02-11T08:30:00.000Z' }) createdAt!: string;
  @ApiProperty({ ...AT, example: '2026-02-11T08:30:00.000Z' }) updatedAt!: string;
}

const NO_BUCKET = {
  endpoint: null,
  bucket: null,
  region: null,
  prefix: null,
  accessKeyId: null,
  secretSetAt: null,
};

/** A row as the API answers it: without the secret of its bucket. */
export function viewOf(row: ExportConfiguration): ExportConfigurationView {
  const { name, table, dimension, period, format, bucket, schedule, status } = row;
  return {
    id: toPublicId('exportConfiguration', row.id),
    storeId: toPublicId('store', row.storeId),
    ...{ name, table, dimension, period, columns: columnsOf(table, row.columns), format },
    destination: bucket ? { type: 's3', ...bucket } : { type: 'local', ...NO_BUCKET },
    ...{ schedule, timezone: row.timeZone, status },
    nextRunAt: row.nextRunAt?.toISOString() ?? null,
    exportedUntil: row.watermarkAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
