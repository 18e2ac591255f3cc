import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Store } from '../../tenants/index.js';

export const CAMPAIGN_STATUSES = ['DRAFT', 'SCHEDULED', 'ACTIVE', 'PAUSED', 'COMPLETED', 'ARCHIVED'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

export const PLATFORMS = [
  'instagram',
  'facebook',
  'twitter',
  'linkedin',
  'tiktok',
  'youtube',
  'pinterest',
  'email',
] as const;
export type Platform = (typeof PLATFORMS)[number];

export const OBJECTIVES = ['awareness', 'traffic', 'engagement', 'leads', 'sales', 'retention'] as const;
export type Objective = (typeof OBJECTIVES)[number];

/** A campaign of one store. */
@Entity('campaigns')
@Index('campaigns_by_creation', ['storeId', 'createdAt', 'id'])
@Index('campaigns_by_status', ['storeId', 'status', 'createdAt', 'id'])
@Index('campaigns_by_platform', ['storeId', 'platform', 'createdAt', 'id'])
@Index('campaigns_by_change', ['storeId', 'updatedAt', 'id'])
@Index('campaigns_search', { synchronize: false })
@Index('campaigns_to_start', ['startDate'], { where: `status = 'SCHEDULED'` })
@Index('campaigns_to_end', ['endDate'], { where: `status IN ('ACTIVE', 'PAUSED')` })
@Check('campaigns_dates', 'end_date >= start_date')
export class Campaign {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'campaigns_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'campaigns_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @Column('text') name!: string;
  @Column('text', { default: '' }) description!: string;
  @Column('text') status!: CampaignStatus;
  @Column('text') platform!: Platform;
  @Column('text') objective!: Objective;
  /** In hundredths of the currency; null is unlimited. */
  @Column('bigint', { name: 'budget_cents', nullable: true, transformer: numeric }) budgetCents!:
    number | null;
  /** ISO 4217. */
  @Column('text', { default: 'USD' }) currency!: string;
  @Column('timestamp with time zone', { name: 'start_date', precision: 3, nullable: true })
  startDate!: Date | null;
  @Column('timestamp with time zone', { name: 'end_date', precision: 3, nullable: true })
  endDate!: Date | null;
  @Column('text', { array: true, default: [] }) tags!: string[];
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
