import { EnumField, TimestampField } from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { SearchField } from '../../../platform/records/index.js';
import { CAMPAIGN_STATUSES, type CampaignStatus, type Platform, PLATFORMS } from '../campaign.entity.js';

/** Properties of the entity that the list can be ordered by. */
export const CAMPAIGN_ORDERS = ['createdAt', 'updatedAt', 'name', 'startDate', 'endDate', 'status'] as const;

export class CampaignListQuery extends ListQuery {
  @SearchField() q?: string;

  @EnumField({ values: CAMPAIGN_STATUSES, optional: true, description: 'Only campaigns of this status.' })
  status?: CampaignStatus;

  @EnumField({ values: PLATFORMS, optional: true, description: 'Only campaigns on this platform.' })
  platform?: Platform;

  @TimestampField({
    day: 'first',
    optional: true,
    description:
      'Only campaigns that run at this moment or later. A campaign without an end runs on; one with neither a ' +
      'start nor an end does not run at all. A day alone means its beginning, UTC.',
    example: '2026-03-01',
  })
  startDate?: Date;

  @TimestampField({
    day: 'last',
    optional: true,
    description:
      'Only campaigns that run at this moment or earlier; with `startDate`, those that run at some time between ' +
      'the two. A day alone means its end, UTC.',
    example: '2026-03-31',
  })
  endDate?: Date;

  @EnumField({
    values: CAMPAIGN_ORDERS,
    default: 'createdAt',
    description: 'What the list is ordered by. Campaigns without the date come last, whatever the order.',
  })
  sortBy!: (typeof CAMPAIGN_ORDERS)[number];
}
