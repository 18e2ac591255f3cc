import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { numeric } from '../platform/database/index.js';
import { Role } from '../roles/index.js';
import { Organization } from '../tenants/index.js';

/** A person who signs in. Operators also run the installation. */
@Entity('members')
@Unique('members_email', ['email'])
@Index('members_of_organization', ['organizationId'])
@Index('members_of_role', ['roleId'])
@Check('members_status', `status IN ('active', 'disabled')`)
export class Member {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'members_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Organization, { name: 'members_organization' })
  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;
  @ForeignKey(() => Role, { name: 'members_role' })
  @Column('uuid', { name: 'role_id' })
  roleId!: string;
  /** Lower case. */
  @Column('text') email!: string;
  @Column('text') name!: string;
  /** bcrypt; null until an invitation is accepted. */
  @Column('text', { name: 'password_hash', nullable: true, select: false }) passwordHash!: string | null;
  @Column('boolean', { default: false }) operator!: boolean;
  @Column('text', { default: 'active' }) status!: 'active' | 'disabled';
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
