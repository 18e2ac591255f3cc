import {
  EnumField,
  EnumListField,
  NOT_BLANK,
  ObjectField,
  partialOf,
  TextField,
} from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { SearchField } from '../../../platform/records/index.js';
import { PERIODS, type PeriodName } from '../../schedules/periods.js';
import { ALL, type Dimension, DIMENSION_NAMES } from '../../rollups/dimensions.js';
import { ScheduleStatusField } from '../../schedules/schedule-fields.js';
import { SCHEDULE_STATUSES, type ScheduleStatus } from '../../schedules/scheduled.js';
import { EXPORT_FORMATS, type ExportFormat, type TableName, TABLES } from '../export-configuration.entity.js';
import { ALL_COLUMNS } from '../export-tables.js';

export const DESTINATIONS = ['local', 's3'] as const;
const OF_S3 = { optional: true } as const;

/** Where files go. */
export class ExportDestinationBody {
  @EnumField({
    values: DESTINATIONS,
    description:
      '`local`: they are kept here for 90 days, to be fetched. `s3`: they go to a bucket of yours.',
    example: 's3',
  })
  type!: (typeof DESTINATIONS)[number];

  @TextField({
    ...OF_S3,
    max: 2_000,
    description: 'Of `s3`, required: a public https address that speaks Amazon’s S3.',
    example: 'https://s3.eu-central-1.amazonaws.com',
  })
  endpoint?: string;

  @TextField({
    ...OF_S3,
    max: 63,
    pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    patternReason: 'must be the name of a bucket',
    description: 'Of `s3`, required.',
    example: 'shop-analytics',
  })
  bucket?: string;

  @TextField({
    ...OF_S3,
    max: 50,
    pattern: /^[a-z0-9-]+$/,
    patternReason: 'must be the name of a region',
    description: 'Of `s3`, required.',
    example: 'eu-central-1',
  })
  region?: string;

  @TextField({
    ...OF_S3,
    min: 0,
    max: 200,
    pattern: /^[A-Za-z0-9!_.*'()/-]*$/,
    patternReason: "must be of letters, digits and !_.*'()/-",
    description: 'Of `s3`: what names begin with.',
    example: 'gatehouse/',
  })
  prefix?: string;

  @TextField({
    ...OF_S3,
    max: 200,
    pattern: /^[\x21-\x7e]+$/,
    description: 'Of `s3`, required.',
    example: 'AKIAEXAMPLE',
  })
  accessKeyId?: string;

  @TextField({
    ...OF_S3,
    max: 500,
    pattern: /^[\x21-\x7e]+( [\x21-\x7e]+)*$/,
    description:
      'Of `s3`: kept sealed, and never shown. Left out in a change, it stays what it is, at the same `endpoint`.',
  })
  secretAccessKey?: string;
}

/** A whole export configuration, as POST and PUT take it. */
export class ExportConfigurationBody {
  @TextField({ max: 200, ...NOT_BLANK, description: 'What people call it.', example: 'Events, hourly' })
  name!: string;

  @EnumField({
    values: TABLES,
    description:
      '`events`: what was sent, each event in one export, that which comes after it was received. `metrics-daily`: the ' +
      'sums of days (UTC) by the values of a dimension.',
    example: 'events',
  })
  table!: TableName;

  @EnumField({
    values: [ALL, ...DIMENSION_NAMES] as const,
    default: ALL,
    description: 'Of `metrics-daily`.',
    example: 'channel',
  })
  dimension!: Dimension | typeof ALL;

  @EnumField({
    values: PERIODS,
    default: 'previous-day',
    description: 'Of `metrics-daily`: which days (UTC), up to yesterday.',
    example: 'previous-day',
  })
  period!: PeriodName;

  @EnumListField({
    values: ALL_COLUMNS,
    minItems: 1,
    maxItems: ALL_COLUMNS.length,
    unique: true,
    optional: true,
    nullable: true,
    description: 'Which columns of the table, in which order; null: all of them.',
    example: ['id', 'time', 'kind', 'valueMinor', 'currency'],
  })
  columns?: string[] | null;

  @EnumField({
    values: EXPORT_FORMATS,
    default: 'csv',
    description: 'What the files are.',
    example: 'ndjson',
  })
  format!: ExportFormat;

  @ObjectField(() => ExportDestinationBody, { optional: true, description: 'Left out: `local`.' })
  destination?: ExportDestinationBody;

  @TextField({
    max: 100,
    optional: true,
    nullable: true,
    description:
      'When it is made: minute, hour, day of the month, month and day of the week (cron), by the clocks of `timezone`; ' +
      'not more often than hourly. Null: when it is asked for.',
    example: '5 * * * *',
  })
  schedule?: string | null;

  @TextField({
    max: 60,
    default: 'UTC',
    description: 'Whose clocks the schedule is told by (IANA).',
    example: 'Europe/Berlin',
  })
  timezone!: string;

  @ScheduleStatusField() status?: ScheduleStatus;
}

/** What PATCH takes: any of the fields; null clears those that can be empty. */
export class ExportConfigurationPatch extends partialOf(ExportConfigurationBody) {}

const ORDERS = ['createdAt', 'updatedAt', 'name', 'nextRunAt'] as const;

export class ExportConfigurationListQuery extends ListQuery {
  @SearchField() q?: string;

  @EnumField({ values: TABLES, optional: true, description: 'Only those of this table.' })
  table?: TableName;

  @EnumField({ values: SCHEDULE_STATUSES, optional: true, description: 'Only those of this status.' })
  status?: ScheduleStatus;

  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof ORDERS)[number];
}
