import {
  CURRENCY,
  EnumField,
  EnumListField,
  NOT_BLANK,
  ObjectField,
  partialOf,
  TextField,
  TextListField,
} from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { SearchField } from '../../../platform/records/index.js';
import { GRANULARITIES, type Granularity } from '../../metrics/buckets.js';
import { ScheduleStatusField } from '../../schedules/schedule-fields.js';
import { SCHEDULE_STATUSES, type ScheduleStatus } from '../../schedules/scheduled.js';
import { PERIODS, type PeriodName } from '../../schedules/periods.js';
import { REPORT_FORMATS, type ReportFormat, type SectionName, SECTIONS } from '../report.entity.js';
import { ReportAttributionBody, ReportFunnelBody } from './section-body.js';

/** One address, and nothing that a mail server takes for two. */
const ADDRESS = {
  max: 254,
  pattern: /^[^\s@<>(),;:"\\[\]]+@[^\s@<>(),;:"\\[\]]+\.[^\s@<>(),;:"\\[\]]+$/,
  patternReason: 'must be an e-mail address',
};

/** To whom a report goes when it is made. */
export class ReportDeliveryBody {
  @TextField({
    max: 2_000,
    optional: true,
    nullable: true,
    description:
      'An https address that is told of each run, signed as Standard Webhooks are with the secret that the answer ' +
      'shows once. `Idempotency-Key` is the same for every try.',
    example: 'https://hooks.example.com/reports',
  })
  webhookUrl?: string | null;

  @TextListField({
    maxItems: 10,
    unique: true,
    item: ADDRESS,
    default: [],
    description: 'Who gets it by mail, with its files; refused where the installation has no mail server.',
    example: ['ada@example.com'],
  })
  emails!: string[];
}

/** A whole report, as POST and PUT take it. */
export class ReportBody {
  @TextField({ max: 200, ...NOT_BLANK, description: 'What people call it.', example: 'Last week' })
  name!: string;

  @EnumListField({
    values: SECTIONS,
    minItems: 1,
    maxItems: SECTIONS.length,
    unique: true,
    default: ['dashboard'],
    description: 'What it shows, in this order.',
    example: ['dashboard', 'campaigns'],
  })
  sections!: SectionName[];

  @EnumField({
    values: PERIODS,
    description: 'Which days it is about: whole ones of `timezone`, up to yesterday. Weeks begin on Monday.',
    example: 'previous-week',
  })
  period!: PeriodName;

  @EnumField({ values: GRANULARITIES, default: 'day', description: 'How long the points of the series are.' })
  granularity!: Granularity;

  @TextField({
    max: 60,
    default: 'UTC',
    description: 'Whose clocks days and the schedule are told by (IANA).',
    example: 'Europe/Berlin',
  })
  timezone!: string;

  @TextField({
    ...CURRENCY,
    optional: true,
    nullable: true,
    description: 'In which currency money is counted; null: the one that most events with money are in.',
    example: 'EUR',
  })
  currency?: string | null;

  @EnumField({
    values: ['previous'] as const,
    optional: true,
    nullable: true,
    description: '`previous`: as many days before that, too.',
    example: 'previous',
  })
  compareTo?: 'previous' | null;

  @ObjectField(() => ReportFunnelBody, {
    optional: true,
    nullable: true,
    description: 'What the section `funnel` shows; it needs it.',
  })
  funnel?: ReportFunnelBody | null;

  @ObjectField(() => ReportAttributionBody, {
    optional: true,
    nullable: true,
    description: 'How the section `attribution` shares conversions; null: as `/analytics/attribution` does.',
  })
  attribution?: ReportAttributionBody | null;

  @TextField({
    max: 100,
    optional: true,
    nullable: true,
    description:
      'When it is made: minute, hour, day of the month, month and day of the week (cron), by the clocks of `timezone`; ' +
      'not more often than hourly. Null: when it is asked for.',
    example: '0 7 * * 1',
  })
  schedule?: string | null;

  @EnumListField({
    values: REPORT_FORMATS,
    minItems: 1,
    maxItems: REPORT_FORMATS.length,
    unique: true,
    default: ['html'],
    description: 'The files that are made.',
    example: ['html', 'csv'],
  })
  formats!: ReportFormat[];

  @ObjectField(() => ReportDeliveryBody, {
    optional: true,
    description: 'To whom it goes; left out, to nobody: it is there to be fetched.',
  })
  delivery?: ReportDeliveryBody;

  @ScheduleStatusField() status?: ScheduleStatus;
}

/** What PATCH takes: any of the fields; null clears those that can be empty. */
export class ReportPatch extends partialOf(ReportBody) {}

const ORDERS = ['createdAt', 'updatedAt', 'name', 'nextRunAt'] as const;

export class ReportListQuery extends ListQuery {
  @SearchField() q?: string;

  @EnumField({ values: SCHEDULE_STATUSES, optional: true, description: 'Only reports of this status.' })
  status?: ScheduleStatus;

  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof ORDERS)[number];
}
