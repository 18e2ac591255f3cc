import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { numeric } from '../../../platform/database/index.js';
import type { Scalar } from '../../../platform/http/input/index.js';
import { Store } from '../../../tenants/index.js';
import { Audience } from '../audience.entity.js';

/** What is known of a customer, by name. */
export type Attributes = Record<string, Scalar | string[]>;

/** A customer of a store. What is personal of it is in no change row. */
@Entity('customers')
@Unique('customers_reference', ['storeId', 'reference'])
@Index('customers_by_creation', ['storeId', 'createdAt', 'id'])
@Index('customers_attributes', { synchronize: false })
export class Customer {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'customers_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'customers_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  /** The caller's own id of the customer. */
  @Column('text') reference!: string;
  @Column('jsonb', { default: {} }) attributes!: Attributes;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}

/** That a customer is listed in an audience, whatever its rules say. */
@Entity('audience_members')
@Unique('audience_members_once', ['audienceId', 'customerId'])
@Index('audience_members_of_customer', ['customerId'])
export class AudienceMember {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audience_members_pk' }) id!: string;
  @ForeignKey(() => Store, { name: 'audience_members_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @ForeignKey(() => Audience, { name: 'audience_members_audience', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'audience_id' })
  audienceId!: string;
  @ForeignKey(() => Customer, { name: 'audience_members_customer', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'customer_id' })
  customerId!: string;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
