import type { SelectQueryBuilder } from 'typeorm';
import type { Campaign } from './campaign.entity.js';
import type { CampaignListQuery } from './dto/campaign-list-query.js';

/** Leaves the campaigns that fit the list's filters. */
export function fitting(
  builder: SelectQueryBuilder<Campaign>,
  { status, platform, startDate, endDate }: CampaignListQuery,
): SelectQueryBuilder<Campaign> {
  if (status) builder.andWhere('campaign.status = :status', { status });
  if (platform) builder.andWhere('campaign.platform = :platform', { platform });
  if (startDate)
    builder.andWhere('(campaign.endDate IS NULL OR campaign.endDate >= :startDate)', { startDate });
  if (endDate)
    builder.andWhere('(campaign.startDate IS NULL OR campaign.startDate <= :endDate)', { endDate });
  if (startDate || endDate) {
    builder.andWhere('(campaign.startDate IS NOT NULL OR campaign.endDate IS NOT NULL)');
  }
  return builder;
}
