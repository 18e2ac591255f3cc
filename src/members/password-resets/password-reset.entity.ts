import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Member } from '../member.entity.js';

/** The one link of a member by which a new password can be set. */
@Entity('password_resets')
@Unique('password_resets_digest', ['digest'])
@Index('password_resets_expiry', ['expiresAt'])
export class PasswordReset {
  @ForeignKey(() => Member, { name: 'password_resets_member', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'member_id', primaryKeyConstraintName: 'password_resets_pk' })
  memberId!: string;
  @Column('bytea') digest!: Buffer;
  @Column('timestamp with time zone', { name: 'expires_at', precision: 3 }) expiresAt!: Date;
  @Column('timestamp with time zone', { name: 'sent_at', precision: 3, nullable: true })
  sentAt!: Date | null;
}
