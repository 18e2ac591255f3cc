import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The first answer to an Idempotency-Key, kept for its replays. */
@Entity('idempotency_replies')
@Index('idempotency_replies_expiry', ['expiresAt'])
export class IdempotencyReply {
  @PrimaryColumn('uuid', { name: 'principal_id', primaryKeyConstraintName: 'idempotency_replies_pk' })
  principalId!: string;
  @PrimaryColumn('text', { name: 'idempotency_key', primaryKeyConstraintName: 'idempotency_replies_pk' })
  idempotencyKey!: string;
  @Column('bytea', { name: 'request_digest' }) requestDigest!: Buffer;
  @Column('smallint') status!: number;
  @Column('jsonb', { nullable: true }) body!: object | null;
  /** The public id of what the reply's secret belonged to; then the body is not kept. */
  @Column('text', { name: 'secret_of', nullable: true }) secretOf!: string | null;
  @Column('timestamp with time zone', { name: 'expires_at', precision: 3 }) expiresAt!: Date;
}
