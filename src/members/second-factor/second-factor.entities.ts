import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Organization } from '../../tenants/index.js';
import { Member } from '../member.entity.js';

/** A member's second factor: the secret that their authenticator has too. */
@Entity('member_totp')
@Unique('member_totp_one', ['memberId'])
export class MemberTotp {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'member_totp_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Member, { name: 'member_totp_member', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'member_id' })
  memberId!: string;
  @ForeignKey(() => Organization, { name: 'member_totp_organization' })
  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;
  /** Sealed. */
  @Column('bytea') secret!: Buffer;
  /** Null until a first code was right. */
  @Column('timestamp with time zone', { name: 'confirmed_at', precision: 3, nullable: true })
  confirmedAt!: Date | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}

/** The last step of the clock whose code was accepted. */
@Entity('totp_steps')
export class TotpStep {
  @ForeignKey(() => MemberTotp, 'memberId', { name: 'totp_steps_factor', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'member_id', primaryKeyConstraintName: 'totp_steps_pk' })
  memberId!: string;
  @Column('bigint', { name: 'last_step', transformer: numeric }) lastStep!: number;
}

/** A code that stands in once for a lost authenticator. */
@Entity('recovery_codes')
@Index('recovery_codes_of_member', ['memberId'])
export class RecoveryCode {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'recovery_codes_pk' }) id!: string;
  @ForeignKey(() => MemberTotp, 'memberId', { name: 'recovery_codes_factor', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'member_id' })
  memberId!: string;
  /** SHA-256 of the code, sealed. */
  @Column('bytea') sealed!: Buffer;
}
