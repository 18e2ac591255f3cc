import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The failed sign-ins of one e-mail address, whether or not anybody has it. */
@Entity('sign_in_failures')
@Index('sign_in_failures_age', ['lastFailedAt'])
export class SignInFailure {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'sign_in_failures_pk' }) digest!: Buffer;
  @Column('timestamp with time zone', { name: 'failed_at', array: true }) failedAt!: Date[];
  @Column('timestamp with time zone', { name: 'last_failed_at', precision: 3 }) lastFailedAt!: Date;
  @Column('timestamp with time zone', { name: 'locked_until', precision: 3, nullable: true })
  lockedUntil!: Date | null;
}
