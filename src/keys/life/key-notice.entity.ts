import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Key } from '../key.entity.js';

/** That an event told of a key's coming end. No business data: it is never changed, and goes with its key. */
@Entity('key_notices')
export class KeyNotice {
  @ForeignKey(() => Key, { name: 'key_notices_key', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'key_id', primaryKeyConstraintName: 'key_notices_pk' })
  keyId!: string;
  /** The end that was told of. */
  @PrimaryColumn('timestamp with time zone', {
    name: 'expires_at',
    precision: 3,
    primaryKeyConstraintName: 'key_notices_pk',
  })
  expiresAt!: Date;
  /** Days before it; 0 is the end itself. */
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'key_notices_pk' }) days!: number;
  @Column('timestamp with time zone', { precision: 3, default: () => 'now()' }) at!: Date;
}
