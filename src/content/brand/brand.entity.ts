import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Store } from '../../tenants/index.js';
import type { Tone } from '../generation/built-in/compose.js';

/** How a store wants to be heard: one of each store, once somebody has said it. */
@Entity('brands')
@Unique('brands_one_of_store', ['storeId'])
export class Brand {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'brands_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'brands_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  /** Empty: the store's own name. */
  @Column('text', { default: '' }) name!: string;
  @Column('text') tone!: Tone;
  @Column('text', { array: true, default: [] }) words!: string[];
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
