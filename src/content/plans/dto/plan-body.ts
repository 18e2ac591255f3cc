import {
  EnumField,
  EnumListField,
  IdField,
  IntegerField,
  NOT_BLANK,
  ObjectListField,
  TextField,
  TimestampField,
} from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { SearchField } from '../../../platform/records/index.js';
import { OBJECTIVES, type Objective } from '../../campaigns/campaign.entity.js';
import { type Tone, TONES } from '../../generation/built-in/compose.js';
import { POST_PLATFORMS, type PostPlatform } from '../../posts/post-platforms.js';
import { WEB_ADDRESS } from '../../web-address.js';
import { PLAN_STATUSES, type PlanStatus } from '../content-plan.entity.js';
import { MOST_PLANNED, type PlanWishes } from '../plan-items.js';

const GOALS = {
  values: OBJECTIVES,
  minItems: 1,
  maxItems: OBJECTIVES.length,
  unique: true,
} as const;
const PLATFORMS = {
  values: POST_PLATFORMS,
  minItems: 1,
  maxItems: POST_PLATFORMS.length,
  unique: true,
} as const;

/** What a plan is to be made for. */
export class PlanWishesBody implements PlanWishes {
  @TimestampField({ day: 'first', description: 'The first day.', example: '2026-03-01' })
  startDate!: Date;

  @TimestampField({
    day: 'first',
    description: 'The last day, at most a year after the first.',
    example: '2026-03-31',
  })
  endDate!: Date;

  @EnumListField({
    ...GOALS,
    description: 'What the posts are for, in turn.',
    example: ['awareness', 'sales'],
  })
  goals!: Objective[];

  @EnumListField({ ...PLATFORMS, description: 'Where they go.', example: ['feed', 'instagram'] })
  platforms!: PostPlatform[];

  @IntegerField({ min: 1, max: 21, default: 3, description: 'How many a week.', example: 3 })
  postsPerWeek!: number;

  @TextField({
    max: 60,
    default: 'UTC',
    description: 'The time zone of its times of day (IANA).',
    example: 'Europe/Berlin',
  })
  timeZone!: string;

  @EnumField({ values: TONES, default: 'plain', description: 'How it is said.' }) tone!: Tone;
}

/** A post that is proposed. */
export class PlanItemBody {
  @TimestampField({ description: 'When it is to be published.', example: '2026-03-02T08:00:00.000Z' })
  scheduledFor!: Date;

  @EnumField({ values: OBJECTIVES, default: 'awareness', description: 'What it is for.' }) goal!: Objective;

  @EnumListField({ ...PLATFORMS, description: 'Where it goes.', example: ['feed'] })
  platforms!: PostPlatform[];

  @TextField({ min: 0, max: 200, default: '', description: 'A title.', example: 'Blue mug' }) title!: string;

  @TextField({
    max: 10_000,
    multiline: true,
    description: 'What it says.',
    example: 'Blue mug, now for €12.90.',
  })
  caption!: string;

  @TextField({ ...WEB_ADDRESS, optional: true, nullable: true, description: 'Where it leads.' })
  link?: string | null;

  @TextField({
    max: 100,
    optional: true,
    nullable: true,
    description: 'The product it is about.',
    example: 'MUG-1',
  })
  sku?: string | null;
}

const NAME = { max: 200, ...NOT_BLANK, description: 'What people call it.', example: 'March' };
const CAMPAIGN = {
  optional: true,
  nullable: true,
  description: 'The campaign that its posts belong to.',
} as const;
const ITEMS = { minItems: 1, maxItems: MOST_PLANNED } as const;

/** A plan to be kept. */
export class ContentPlanBody extends PlanWishesBody {
  @TextField(NAME) name!: string;
  @IdField('campaign', CAMPAIGN) campaignId?: string | null;

  @ObjectListField(() => PlanItemBody, {
    ...ITEMS,
    optional: true,
    description: 'The posts; left out, they are proposed as `POST /plans/generate-preview` does.',
  })
  items?: PlanItemBody[];
}

/** What PATCH takes: any of these; what the plan was made for stays. */
export class ContentPlanPatch {
  @TextField({ ...NAME, optional: true }) name?: string;
  @IdField('campaign', CAMPAIGN) campaignId?: string | null;
  @ObjectListField(() => PlanItemBody, { ...ITEMS, optional: true, description: 'The posts, all of them.' })
  items?: PlanItemBody[];
}

const ORDERS = ['createdAt', 'updatedAt', 'name', 'startDate', 'endDate', 'status'] as const;

export class ContentPlanListQuery extends ListQuery {
  @SearchField() q?: string;

  @EnumField({ values: PLAN_STATUSES, optional: true, description: 'Only plans of this status.' })
  status?: PlanStatus;

  @IdField('campaign', { optional: true, description: 'Only plans of this campaign.' })
  campaignId?: string;

  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof ORDERS)[number];
}
