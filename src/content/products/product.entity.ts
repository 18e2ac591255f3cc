import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Store } from '../../tenants/index.js';

export const PRODUCT_STATUSES = ['DRAFT', 'ACTIVE', 'ARCHIVED'] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

/** What a store sells. */
@Entity('products')
@Unique('products_sku', ['storeId', 'sku'])
@Index('products_by_creation', ['storeId', 'createdAt', 'id'])
@Index('products_by_change', ['storeId', 'updatedAt', 'id'])
@Index('products_search', { synchronize: false })
@Check('products_price', 'price_minor >= 0')
@Check('products_stock', 'stock >= 0')
export class Product {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'products_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'products_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @Column('text') sku!: string;
  @Column('text') name!: string;
  @Column('text', { default: '' }) description!: string;
  @Column('text') status!: ProductStatus;
  /** In the currency's smallest unit: cents, or yen. */
  @Column('bigint', { name: 'price_minor', transformer: numeric }) priceMinor!: number;
  /** ISO 4217. */
  @Column('text') currency!: string;
  /** Null where nobody counts. */
  @Column('integer', { nullable: true }) stock!: number | null;
  @Column('text', { default: '' }) category!: string;
  @Column('text', { nullable: true }) url!: string | null;
  @Column('text', { name: 'image_url', nullable: true }) imageUrl!: string | null;
  @Column('text', { array: true, default: [] }) tags!: string[];
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
