import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { numeric } from '../platform/database/index.js';
import { Organization } from './organization.entity.js';

/** Belongs to an organization; has content, analytics and keys. A sandbox is paired with a live store. */
@Entity('stores')
@Index('stores_of_organization', ['organizationId'])
@Unique('stores_one_sandbox', ['liveStoreId'])
@Check('stores_sandbox', `(kind = 'sandbox') = (live_store_id IS NOT NULL)`)
@Check('stores_kind', `kind IN ('live', 'sandbox')`)
export class Store {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'stores_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Organization, { name: 'stores_organization' })
  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;
  @Column('text') name!: string;
  @Column('text') kind!: 'live' | 'sandbox';
  @ForeignKey(() => Store, { name: 'stores_live_store' })
  @Column('uuid', { name: 'live_store_id', nullable: true })
  liveStoreId!: string | null;
  /** Whose quota its requests use: the organization for live stores, itself for a sandbox. */
  @Column('uuid', { name: 'quota_subject' }) quotaSubject!: string;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
