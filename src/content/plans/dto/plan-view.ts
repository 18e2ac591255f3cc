import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../../platform/http/input/index.js';
import { toPublicId, toPublicIdOrNull } from '../../../platform/ids/index.js';
import { OBJECTIVES, type Objective } from '../../campaigns/campaign.entity.js';
import { type Tone, TONES } from '../../generation/built-in/compose.js';
import { POST_PLATFORMS, type PostPlatform } from '../../posts/post-platforms.js';
import { type ContentPlan, PLAN_STATUSES, type PlanStatus } from '../content-plan.entity.js';
import type { PlanItem } from '../plan-items.js';

/** A post that is proposed. */
@ApiSchema({ name: 'PlanItem' })
export class PlanItemView implements PlanItem {
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-03-02T08:00:00.000Z' })
  scheduledFor!: string;
  @ApiProperty({ enum: OBJECTIVES, example: 'sales' }) goal!: Objective;
  @ApiProperty({ enum: POST_PLATFORMS, isArray: true, example: ['feed'] })
  platforms!: readonly PostPlatform[];
  @ApiProperty({ example: 'Blue mug' }) title!: string;
  @ApiProperty({ example: 'Blue mug, now for €12.90. See our shop.' }) caption!: string;
  @ApiProperty({ type: 'string', nullable: true, example: 'https://shop.example.com/mugs/blue' })
  link!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'The product it is about.', example: 'MUG-1' })
  sku!: string | null;
}

/** What is proposed; nothing of it is kept. */
@ApiSchema({ name: 'PlanPreview' })
export class PlanPreviewView {
  @ApiProperty({
    description: 'Who made it: `built-in` composes from templates and the store’s own products.',
    example: 'built-in',
  })
  provider!: string;
  @ApiProperty({ type: [PlanItemView] }) items!: readonly PlanItem[];
}

/** A plan as it is answered. */
@ApiSchema({ name: 'ContentPlan' })
export class ContentPlanView {
  @ApiProperty({
    type: 'string',
    pattern: idPattern('contentPlan'),
    example: 'cpl_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  id!: string;

  @ApiProperty({ type: 'string', pattern: idPattern('store'), example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  storeId!: string;

  @ApiProperty({
    type: 'string',
    pattern: idPattern('campaign'),
    nullable: true,
    example: 'cmp_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  campaignId!: string | null;

  @ApiProperty({ example: 'March' }) name!: string;
  @ApiProperty({ type: 'string', format: 'date', example: '2026-03-01' }) startDate!: string;
  @ApiProperty({ type: 'string', format: 'date', example: '2026-03-31' }) endDate!: string;
  @ApiProperty({ enum: OBJECTIVES, isArray: true, example: ['sales'] }) goals!: Objective[];
  @ApiProperty({ enum: POST_PLATFORMS, isArray: true, example: ['feed'] }) platforms!: PostPlatform[];
  @ApiProperty({ type: 'integer', example: 3 }) postsPerWeek!: number;
  @ApiProperty({ example: 'Europe/Berlin' }) timeZone!: string;
  @ApiProperty({ enum: TONES, example: 'plain' }) tone!: Tone;
  @ApiProperty({ type: [PlanItemView] }) items!: PlanItem[];

  @ApiProperty({ enum: PLAN_STATUSES, description: '`ACCEPTED`: it has become drafts.', example: 'DRAFT' })
  status!: PlanStatus;

  @ApiProperty({
    type: 'array',
    items: { type: 'string', pattern: idPattern('post') },
    description: 'The drafts, in the order of the items.',
    example: [],
  })
  postIds!: string[];

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  updatedAt!: string;
}

/** A row as the API answers it. */
export function viewOf(plan: ContentPlan): ContentPlanView {
  const { name, goals, platforms, postsPerWeek, timeZone, tone, items, status } = plan;
  return {
    id: toPublicId('contentPlan', plan.id),
    storeId: toPublicId('store', plan.storeId),
    campaignId: toPublicIdOrNull('campaign', plan.campaignId),
    ...{ name, goals, platforms, postsPerWeek, timeZone, tone, items, status },
    startDate: plan.startDate.toISOString().slice(0, 10),
    endDate: plan.endDate.toISOString().slice(0, 10),
    postIds: plan.postIds.map((id) => toPublicId('post', id)),
    createdAt: plan.createdAt.toISOString(),
    updatedAt: plan.updatedAt.toISOString(),
  };
}
