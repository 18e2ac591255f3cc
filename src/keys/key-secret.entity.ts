import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Key } from './key.entity.js';

/** One secret of a key and how long it is valid. The token itself is stored nowhere. */
@Entity('key_secrets')
@Unique('key_secrets_digest', ['digest'])
@Index('key_secrets_of_key', ['keyId', 'createdAt'])
@Check('key_secrets_digest_version', 'digest_version IN (1, 2)')
export class KeySecret {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'key_secrets_pk' }) id!: string;
  @ForeignKey(() => Key, { name: 'key_secrets_key', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'key_id' })
  keyId!: string;
  /** The key's. */
  @Column('uuid', { name: 'store_id' }) storeId!: string;
  /** HMAC-SHA-256 of the token's SHA-256; in the first version, of the token itself. */
  @Column('bytea', { select: false }) digest!: Buffer;
  @Column('smallint', { name: 'digest_version', default: 1 }) digestVersion!: number;
  /** The token's SHA-256, sealed: the digest can be made of it under another master secret. */
  @Column('bytea', { name: 'sealed_hash', nullable: true, select: false }) sealedHash!: Buffer | null;
  /** Which master secret the digest was made under. */
  @Column('text', { name: 'master_id' }) masterId!: string;
  /** Enough to recognise the token by, e.g. `gate_live_AbCd…wXyZ`. */
  @Column('text') preview!: string;
  /** Null: as long as the key itself. */
  @Column('timestamp with time zone', { name: 'not_after', precision: 3, nullable: true })
  notAfter!: Date | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
