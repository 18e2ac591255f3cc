import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Store } from '../../tenants/index.js';
import { Campaign, type Objective } from '../campaigns/campaign.entity.js';
import type { Tone } from '../generation/built-in/compose.js';
import type { PostPlatform } from '../posts/post-platforms.js';
import type { PlanItem } from './plan-items.js';

export const PLAN_STATUSES = ['DRAFT', 'ACCEPTED'] as const;
export type PlanStatus = (typeof PLAN_STATUSES)[number];

/** A calendar of proposed posts. Accepted, it has become drafts. */
@Entity('content_plans')
@Index('content_plans_by_creation', ['storeId', 'createdAt', 'id'])
@Index('content_plans_of_campaign', ['campaignId'])
@Index('content_plans_search', { synchronize: false })
@Check('content_plans_status', `status IN ('DRAFT', 'ACCEPTED')`)
@Check('content_plans_dates', 'end_date >= start_date')
export class ContentPlan {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'content_plans_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'content_plans_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @ForeignKey(() => Campaign, { name: 'content_plans_campaign', onDelete: 'SET NULL' })
  @Column('uuid', { name: 'campaign_id', nullable: true })
  campaignId!: string | null;
  @Column('text') name!: string;
  /** The first and the last day, each as its beginning in UTC. */
  @Column('timestamp with time zone', { name: 'start_date', precision: 3 }) startDate!: Date;
  @Column('timestamp with time zone', { name: 'end_date', precision: 3 }) endDate!: Date;
  @Column('text', { array: true }) goals!: Objective[];
  @Column('text', { array: true }) platforms!: PostPlatform[];
  @Column('integer', { name: 'posts_per_week' }) postsPerWeek!: number;
  /** IANA. */
  @Column('text', { name: 'time_zone' }) timeZone!: string;
  @Column('text') tone!: Tone;
  @Column('jsonb') items!: PlanItem[];
  @Column('text') status!: PlanStatus;
  /** The drafts that it has become, in the order of its items. */
  @Column('uuid', { array: true, name: 'post_ids', default: [] }) postIds!: string[];
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
