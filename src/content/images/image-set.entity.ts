import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Store } from '../../tenants/index.js';
import { Generated } from '../generation/generation.js';

export const IMAGE_SIZES = ['1024x1024', '1024x1536', '1536x1024'] as const;
export type ImageSize = (typeof IMAGE_SIZES)[number];

/** Images that were made for one order; they are media. */
@Entity('image_sets')
@Index('image_sets_by_creation', ['storeId', 'createdAt', 'id'])
@Index('image_sets_search', { synchronize: false })
export class ImageSet extends Generated {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'image_sets_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'image_sets_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @Column('text') prompt!: string;
  @Column('text', { nullable: true }) sku!: string | null;
  @Column('text') size!: ImageSize;
  /** Some may have been deleted since. */
  @Column('uuid', { array: true, name: 'media_ids' }) mediaIds!: string[];
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
