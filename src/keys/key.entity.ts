import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../platform/database/index.js';
import { type Grants, Role } from '../roles/index.js';
import { Organization, Store } from '../tenants/index.js';

/** A key: who calls, in one store, with one role, perhaps narrowed. Its secrets are rows of their own. */
@Entity('keys')
@Index('keys_of_store', ['storeId', 'createdAt', 'id'])
@Index('keys_of_role', ['roleId'])
@Index('keys_of_owner', ['ownerId'])
@Index('keys_by_end', ['expiresAt'], { where: 'expires_at IS NOT NULL AND revoked_at IS NULL' })
@Check('keys_environment', `environment IN ('live', 'test')`)
export class Key {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'keys_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Organization, { name: 'keys_organization' })
  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;
  @ForeignKey(() => Store, { name: 'keys_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @ForeignKey(() => Role, { name: 'keys_role' })
  @Column('uuid', { name: 'role_id' })
  roleId!: string;
  /** The member who answers for it. Named by its text: members stand on a higher floor. */
  @ForeignKey('Member', { name: 'keys_owner', onDelete: 'SET NULL' })
  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId!: string | null;
  @Column('text') name!: string;
  @Column('text') environment!: 'live' | 'test';
  /** Null: the role's grants, unnarrowed. A given map is complete. */
  @Column('jsonb', { nullable: true }) permissions!: Grants | null;
  @Column('text', { name: 'ip_allowlist', array: true, nullable: true }) ipAllowlist!: string[] | null;
  @Column('jsonb', { default: {} }) metadata!: Record<string, unknown>;
  @Column('timestamp with time zone', { name: 'expires_at', precision: 3, nullable: true })
  expiresAt!: Date | null;
  /** When `expiresAt` was set; null for ends set before this was kept, and where there is none. */
  @Column('timestamp with time zone', { name: 'expiry_set_at', precision: 3, nullable: true })
  expirySetAt!: Date | null;
  @Column('timestamp with time zone', { name: 'revoked_at', precision: 3, nullable: true })
  revokedAt!: Date | null;
  @Column('text', { name: 'revoked_reason', nullable: true }) revokedReason!: string | null;
  @Column('text', { name: 'created_by_type' }) createdByType!: string;
  @Column('text', { name: 'created_by_id' }) createdById!: string;
  /** Limits of the key's own, below its subject's; null is none. */
  @Column('integer', { name: 'hour_limit', nullable: true }) hourLimit!: number | null;
  @Column('integer', { name: 'day_limit', nullable: true }) dayLimit!: number | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
