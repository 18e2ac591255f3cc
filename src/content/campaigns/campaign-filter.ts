import type { SelectQueryBuilder } from 'typeorm';
import { matching } from '../../platform/records/index.js';
import type { Campaign } from './campaign.entity.js';
import type { CampaignListQuery } from './dto/campaign-list-query.js';

/** The columns that the index `campaigns_search` has. */
const SEARCHED = ['name', 'description'];

/** Leaves the campaigns that fit the list's filters. */
export function fitting(
  builder: SelectQueryBuilder<Campaign>,
  { q, status, platform, startDate, endDate }: CampaignListQuery,
): void {
  matching(builder, q, SEARCHED);
  if (status) builder.andWhere('campaign.status = :status', { status });
  if (platform) builder.andWhere('campaign.platform = :platform', { platform });
  if (startDate)
    builder.andWhere('(campaign.endDate IS NULL OR campaign.endDate >= :startDate)', { startDate });
  if (endDate)
    builder.andWhere('(campaign.startDate IS NULL OR campaign.startDate <= :endDate)', { endDate });
  if (startDate || endDate) {
    builder.andWhere('(campaign.startDate IS NOT NULL OR campaign.endDate IS NOT NULL)');
  }
}
