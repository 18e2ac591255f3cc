import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Store } from '../../tenants/index.js';
import type { PostPlatform } from '../posts/post-platforms.js';

export const ACCOUNT_STATUSES = ['CONNECTED', 'DISCONNECTED'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** A store's account on a network, reached at an address that publishes there what it is sent. */
@Entity('social_accounts')
@Index('social_accounts_by_creation', ['storeId', 'createdAt', 'id'])
@Index('social_accounts_connected', ['storeId', 'platform'], { unique: true, where: `status = 'CONNECTED'` })
@Index('social_accounts_search', { synchronize: false })
@Check('social_accounts_status', `status IN ('CONNECTED', 'DISCONNECTED')`)
export class SocialAccount {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'social_accounts_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'social_accounts_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @Column('text') platform!: PostPlatform;
  @Column('text') name!: string;
  /** Where posts are sent to. */
  @Column('text') url!: string;
  /** What they are signed with; in no change row. */
  @Column('bytea') sealed!: Buffer;
  @Column('text') status!: AccountStatus;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}

/** Where an account's secret is sealed for. */
export const accountPlace = (accountId: string): string => `social-account/${accountId}`;
