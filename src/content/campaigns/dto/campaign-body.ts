import {
  EnumField,
  IntegerField,
  partialOf,
  TextField,
  TextListField,
  TimestampField,
} from '../../../platform/http/input/index.js';
import { CURRENCY } from '../../../platform/http/input/index.js';
import {
  CAMPAIGN_STATUSES,
  type CampaignStatus,
  type Objective,
  OBJECTIVES,
  type Platform,
  PLATFORMS,
} from '../campaign.entity.js';

/** A whole campaign, as POST and PUT take it. */
export class CampaignBody {
  @TextField({ max: 200, description: 'What people call it.', example: 'Spring sale' })
  name!: string;

  @TextField({
    min: 0,
    max: 5_000,
    multiline: true,
    default: '',
    description: 'What it is about.',
    example: 'Twenty percent off everything that grows.',
  })
  description!: string;

  @EnumField({
    values: CAMPAIGN_STATUSES,
    optional: true,
    description:
      'Where it stands. A new campaign is `DRAFT` unless this says otherwise; one that there is stays what it is. ' +
      '`DRAFT` may become `SCHEDULED`, `ACTIVE` or `ARCHIVED`; `SCHEDULED` the same, or `DRAFT` again; `ACTIVE` ' +
      '`PAUSED` or `COMPLETED`; `PAUSED` `ACTIVE` or `COMPLETED`; `COMPLETED` `ARCHIVED`; any other step is 409. ' +
      'A `SCHEDULED` campaign starts by itself at `startDate`; an `ACTIVE` or `PAUSED` one completes at `endDate`.',
    example: 'SCHEDULED',
  })
  status?: CampaignStatus;

  @EnumField({ values: PLATFORMS, description: 'Where it runs.', example: 'instagram' })
  platform!: Platform;

  @EnumField({ values: OBJECTIVES, default: 'awareness', description: 'What it is for.' })
  objective!: Objective;

  @IntegerField({
    min: 0,
    max: 1_000_000_000_000,
    optional: true,
    nullable: true,
    description: 'The budget in hundredths of the currency; null is no limit.',
    example: 250_000,
  })
  budgetCents?: number | null;

  @TextField({
    ...CURRENCY,
    default: 'USD',
    description: "The budget's currency, ISO 4217.",
    example: 'EUR',
  })
  currency!: string;

  @TimestampField({
    optional: true,
    nullable: true,
    description: 'When it starts; kept to the millisecond.',
    example: '2026-03-01T09:00:00.000Z',
  })
  startDate?: Date | null;

  @TimestampField({
    optional: true,
    nullable: true,
    description: 'When it ends; not before `startDate`.',
    example: '2026-03-31T21:00:00.000Z',
  })
  endDate?: Date | null;

  @TextListField({
    maxItems: 20,
    unique: true,
    item: { max: 50 },
    default: [],
    description: 'Words to find it by.',
    example: ['spring', 'garden'],
  })
  tags!: string[];
}

/** What PATCH takes: any of the fields; null clears those that can be empty. */
export class CampaignPatch extends partialOf(CampaignBody) {}
