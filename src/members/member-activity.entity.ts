import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Member } from './member.entity.js';

/** When a member last signed in. Written by the trigger `note_sign_in` alone. */
@Entity('member_activity')
export class MemberActivity {
  @ForeignKey(() => Member, { name: 'member_activity_member', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'member_id', primaryKeyConstraintName: 'member_activity_pk' })
  memberId!: string;
  @Column('timestamp with time zone', { name: 'last_sign_in_at', precision: 3 }) lastSignInAt!: Date;
}
