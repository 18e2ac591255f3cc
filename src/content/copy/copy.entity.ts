import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Store } from '../../tenants/index.js';
import type { Objective } from '../campaigns/campaign.entity.js';
import type { Tone } from '../generation/built-in/compose.js';
import { Generated } from '../generation/generation.js';
import type { PostPlatform } from '../posts/post-platforms.js';

/** Texts that were made for one order. */
@Entity('copies')
@Index('copies_by_creation', ['storeId', 'createdAt', 'id'])
@Index('copies_search', { synchronize: false })
export class Copy extends Generated {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'copies_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'copies_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @Column('text') goal!: Objective;
  @Column('text', { default: '' }) about!: string;
  @Column('text', { array: true, default: [] }) skus!: string[];
  @Column('text', { nullable: true }) platform!: PostPlatform | null;
  @Column('text') tone!: Tone;
  @Column('text') language!: string;
  @Column('jsonb') texts!: string[];
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
