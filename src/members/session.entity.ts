import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Member } from './member.entity.js';

/** A signed-in browser. Cookie and CSRF token are stored as digests alone. */
@Entity('sessions')
@Unique('sessions_digest', ['digest'])
@Index('sessions_of_member', ['memberId'])
@Index('sessions_expiry', ['expiresAt'])
export class Session {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sessions_pk' }) id!: string;
  @ForeignKey(() => Member, { name: 'sessions_member', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'member_id' })
  memberId!: string;
  @Column('bytea') digest!: Buffer;
  @Column('bytea', { name: 'csrf_digest' }) csrfDigest!: Buffer;
  @Column('inet', { nullable: true }) ip!: string | null;
  @Column('text', { name: 'user_agent', nullable: true }) userAgent!: string | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'last_seen_at', precision: 3, default: () => 'now()' })
  lastSeenAt!: Date;
  @Column('timestamp with time zone', { name: 'expires_at', precision: 3 }) expiresAt!: Date;
}
