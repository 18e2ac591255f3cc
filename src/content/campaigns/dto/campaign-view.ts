import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../../platform/http/input/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import {
  type Campaign,
  CAMPAIGN_STATUSES,
  type CampaignStatus,
  type Objective,
  OBJECTIVES,
  type Platform,
  PLATFORMS,
} from '../campaign.entity.js';

/** A campaign as it is answered. */
@ApiSchema({ name: 'Campaign' })
export class CampaignView {
  @ApiProperty({ type: 'string', pattern: idPattern('campaign'), example: 'cmp_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  id!: string;

  @ApiProperty({ type: 'string', pattern: idPattern('store'), example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  storeId!: string;

  @ApiProperty({ type: 'string', example: 'Spring sale' })
  name!: string;

  @ApiProperty({ type: 'string', example: 'Twenty percent off everything that grows.' })
  description!: string;

  @ApiProperty({ type: 'string', enum: CAMPAIGN_STATUSES, example: 'ACTIVE' })
  status!: CampaignStatus;

  @ApiProperty({ type: 'string', enum: PLATFORMS, example: 'instagram' })
  platform!: Platform;

  @ApiProperty({ type: 'string', enum: OBJECTIVES, example: 'sales' })
  objective!: Objective;

  @ApiProperty({
    type: 'integer',
    format: 'int64',
    nullable: true,
    description: 'In hundredths of the currency; null is no limit.',
    example: 250_000,
  })
  budgetCents!: number | null;

  @ApiProperty({ type: 'string', description: 'ISO 4217.', example: 'EUR' })
  currency!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-03-01T09:00:00.000Z' })
  startDate!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-03-31T21:00:00.000Z' })
  endDate!: string | null;

  @ApiProperty({ type: 'array', items: { type: 'string' }, example: ['spring', 'garden'] })
  tags!: string[];

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  updatedAt!: string;
}

/** A row as the API answers it: public ids, times as RFC 3339. */
export function viewOf(campaign: Campaign): CampaignView {
  return {
    id: toPublicId('campaign', campaign.id),
    storeId: toPublicId('store', campaign.storeId),
    name: campaign.name,
    description: campaign.description,
    status: campaign.status,
    platform: campaign.platform,
    objective: campaign.objective,
    budgetCents: campaign.budgetCents,
    currency: campaign.currency,
    startDate: campaign.startDate?.toISOString() ?? null,
    endDate: campaign.endDate?.toISOString() ?? null,
    tags: campaign.tags,
    createdAt: campaign.createdAt.toISOString(),
    updatedAt: campaign.updatedAt.toISOString(),
  };
}
