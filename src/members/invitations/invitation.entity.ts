import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Role } from '../../roles/index.js';
import { Organization } from '../../tenants/index.js';

/** Somebody who may become a member: by whoever holds the link, once, until it ends. */
@Entity('invitations')
@Index('invitations_one_open', ['organizationId', 'email'], { unique: true, where: 'accepted_at IS NULL' })
@Index('invitations_by_creation', ['organizationId', 'createdAt', 'id'])
@Index('invitations_of_role', ['roleId'])
@Unique('invitations_token', ['tokenDigest'])
@Check('invitations_delivery', `delivery IN ('mail', 'link')`)
export class Invitation {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'invitations_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Organization, { name: 'invitations_organization' })
  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;
  /** Null where the role was deleted after the invitation was accepted or had ended. */
  @ForeignKey(() => Role, { name: 'invitations_role', onDelete: 'SET NULL' })
  @Column('uuid', { name: 'role_id', nullable: true })
  roleId!: string | null;
  /** Lower case. */
  @Column('text') email!: string;
  @Column('text', { nullable: true }) name!: string | null;
  @Column('text', { name: 'invited_by_type' }) invitedByType!: 'key' | 'member' | 'system';
  /** The key's or member's UUID, or what names the system's part. */
  @Column('text', { name: 'invited_by_id' }) invitedById!: string;
  /** How the link gets to the invited: by mail, or by whoever made it. */
  @Column('text') delivery!: 'mail' | 'link';
  /** Of the token in the link; null until its mail is sent, and once it was used. */
  @Column('bytea', { name: 'token_digest', nullable: true, select: false }) tokenDigest!: Buffer | null;
  /** The master secret that the digest is under; null as the digest is, and for a link of before it was noted. */
  @Column('text', { name: 'master_id', nullable: true, select: false }) masterId!: string | null;
  @Column('timestamp with time zone', { name: 'sent_at', precision: 3, nullable: true })
  sentAt!: Date | null;
  @Column('timestamp with time zone', { name: 'expires_at', precision: 3 }) expiresAt!: Date;
  @Column('timestamp with time zone', { name: 'accepted_at', precision: 3, nullable: true })
  acceptedAt!: Date | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}
