import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Store } from '../../tenants/index.js';
import type { Block } from './page-content.js';

export const PAGE_STATUSES = ['DRAFT', 'PUBLISHED'] as const;
export type PageStatus = (typeof PAGE_STATUSES)[number];

/** A page of a store: what is worked on. What everybody sees is one of its versions. */
@Entity('landing_pages')
@Unique('landing_pages_slug', ['slug'])
@Index('landing_pages_by_creation', ['storeId', 'createdAt', 'id'])
@Index('landing_pages_search', { synchronize: false })
@Index('landing_pages_media', { synchronize: false })
@Check('landing_pages_status', `status IN ('DRAFT', 'PUBLISHED')`)
@Check('landing_pages_published', `(status = 'PUBLISHED') = (published_version IS NOT NULL)`)
export class LandingPage {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'landing_pages_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'landing_pages_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  /** In the address; once only in the installation. */
  @Column('text') slug!: string;
  @Column('text') title!: string;
  @Column('text', { default: '' }) description!: string;
  @Column('jsonb') blocks!: Block[];
  /** Whether its visits are told to analytics, by a script. */
  @Column('boolean', { default: false }) analytics!: boolean;
  @Column('text') status!: PageStatus;
  /** The number of the version that everybody sees. */
  @Column('integer', { name: 'published_version', nullable: true }) publishedVersion!: number | null;
  @Column('timestamp with time zone', { name: 'published_at', precision: 3, nullable: true })
  publishedAt!: Date | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}

/** What a page said when it was published; never changed. */
@Entity('landing_page_versions')
@Unique('landing_page_versions_number', ['pageId', 'number'])
@Index('landing_page_versions_media', { synchronize: false })
export class LandingPageVersion {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'landing_page_versions_pk' }) id!: string;
  @ForeignKey(() => Store, { name: 'landing_page_versions_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @ForeignKey(() => LandingPage, { name: 'landing_page_versions_page', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'page_id' })
  pageId!: string;
  /** Counted from 1. */
  @Column('integer') number!: number;
  @Column('text') title!: string;
  @Column('text') description!: string;
  @Column('jsonb') blocks!: Block[];
  @Column('boolean', { default: false }) analytics!: boolean;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
