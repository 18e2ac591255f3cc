import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Store } from '../../tenants/index.js';
import { Campaign } from '../campaigns/campaign.entity.js';
import type { PostPlatform } from './post-platforms.js';

export const POST_STATUSES = ['DRAFT', 'SCHEDULED', 'PUBLISHING', 'PUBLISHED', 'FAILED'] as const;
export type PostStatus = (typeof POST_STATUSES)[number];

export const PUBLICATION_STATUSES = ['PENDING', 'PUBLISHED', 'FAILED'] as const;

/** What came of a post on one platform. */
export interface Publication {
  readonly platform: PostPlatform;
  readonly status: (typeof PUBLICATION_STATUSES)[number];
  /** Tries so far. */
  readonly attempts: number;
  /** Why the last try failed, for whoever wrote the post. */
  readonly error: string | null;
  /** Where it is seen, as far as the platform says. */
  readonly url: string | null;
  /** RFC 3339. */
  readonly publishedAt: string | null;
}

/** Another caption for one platform, and other media where it has some. */
export interface PostVariant {
  readonly platform: PostPlatform;
  readonly caption: string;
  /** Instead of the post's; UUIDs. */
  readonly mediaIds?: readonly string[];
}

/** What a store says, on one platform or on several. */
@Entity('posts')
@Index('posts_by_creation', ['storeId', 'createdAt', 'id'])
@Index('posts_by_status', ['storeId', 'status', 'createdAt', 'id'])
@Index('posts_by_schedule', ['storeId', 'scheduledFor', 'id'])
@Index('posts_published', ['storeId', 'publishedAt'], { where: 'published_at IS NOT NULL' })
@Index('posts_of_campaign', ['campaignId'])
@Index('posts_to_publish', ['scheduledFor'], { where: `status = 'SCHEDULED'` })
@Index('posts_search', { synchronize: false })
@Index('posts_media', { synchronize: false })
@Index('posts_variant_media', { synchronize: false })
@Check('posts_scheduled', `status <> 'SCHEDULED' OR scheduled_for IS NOT NULL`)
export class Post {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'posts_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'posts_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @ForeignKey(() => Campaign, { name: 'posts_campaign', onDelete: 'SET NULL' })
  @Column('uuid', { name: 'campaign_id', nullable: true })
  campaignId!: string | null;
  @Column('text', { default: '' }) title!: string;
  @Column('text') caption!: string;
  @Column('text', { nullable: true }) link!: string | null;
  @Column('text', { array: true }) platforms!: PostPlatform[];
  @Column('jsonb', { default: [] }) variants!: PostVariant[];
  @Column('text', { array: true, default: [] }) tags!: string[];
  /** UUIDs, in the order in which they are shown. */
  @Column('uuid', { name: 'media_ids', array: true, default: [] }) mediaIds!: string[];
  @Column('text') status!: PostStatus;
  @Column('timestamp with time zone', { name: 'scheduled_for', precision: 3, nullable: true })
  scheduledFor!: Date | null;
  @Column('timestamp with time zone', { name: 'published_at', precision: 3, nullable: true })
  publishedAt!: Date | null;
  /** One for each platform, once it was to be published. */
  @Column('jsonb', { default: [] }) publications!: Publication[];
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
