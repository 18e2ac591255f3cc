import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../../platform/database/index.js';

/** Personal data that was taken out of the logs, or is about to be: who asked for it, why, and how much it was. */
@Entity('audit_erasures')
@Index('audit_erasures_organization', ['organizationId', 'createdAt', 'id'])
@Check('audit_erasures_one', 'num_nonnulls(member_id, key_id, address_digest) = 1')
export class Erasure {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audit_erasures_pk' }) id!: string;
  /** Null: of the whole installation. */
  @Column('uuid', { name: 'organization_id', nullable: true }) organizationId!: string | null;
  @Column('text', { name: 'actor_type' }) actorType!: string;
  @Column('text', { name: 'actor_id' }) actorId!: string;
  @Column('text') reason!: string;
  @Column('uuid', { name: 'member_id', nullable: true }) memberId!: string | null;
  @Column('uuid', { name: 'key_id', nullable: true }) keyId!: string | null;
  /** Under the master secret: the record must not keep what it erases. */
  @Column('bytea', { name: 'address_digest', nullable: true }) addressDigest!: Buffer | null;
  @Column('timestamp with time zone', { precision: 3 }) before!: Date;
  @Column('bigint', { name: 'rows_erased', default: 0, transformer: numeric }) rowsErased!: number;
  @Column('bigint', { name: 'changes_erased', default: 0, transformer: numeric }) changesErased!: number;
  /** Left as they are, because they are held; null until it is done. */
  @Column('bigint', { name: 'rows_held', nullable: true, transformer: numeric }) rowsHeld!: number | null;
  @Column('timestamp with time zone', {
    name: 'created_at',
    precision: 3,
    default: () => 'clock_timestamp()',
  })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'done_at', precision: 3, nullable: true }) doneAt!: Date | null;
}
