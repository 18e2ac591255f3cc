import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../platform/database/index.js';

/** One request and its answer. Written by `audit_append` alone; partitioned by day (UTC). */
@Entity('request_log', { synchronize: false })
export class RequestLogRow {
  @Column('timestamp with time zone', { precision: 3 }) at!: Date;
  @PrimaryColumn('uuid', { name: 'request_id' }) requestId!: string;
  @Column('integer') writer!: number;
  @Column('bigint', { name: 'batch_no', transformer: numeric }) batchNo!: number;
  @Column('integer') position!: number;
  @Column('uuid', { name: 'organization_id', nullable: true }) organizationId!: string | null;
  @Column('uuid', { name: 'store_id', nullable: true }) storeId!: string | null;
  @Column('uuid', { name: 'key_id', nullable: true }) keyId!: string | null;
  @Column('text', { name: 'key_name', nullable: true }) keyName!: string | null;
  @Column('text', { name: 'key_preview', nullable: true }) keyPreview!: string | null;
  @Column('uuid', { name: 'secret_id', nullable: true }) secretId!: string | null;
  @Column('uuid', { name: 'member_id', nullable: true }) memberId!: string | null;
  @Column('uuid', { name: 'role_id', nullable: true }) roleId!: string | null;
  @Column('bigint', { name: 'role_version', nullable: true, transformer: numeric }) roleVersion!:
    number | null;
  @Column('text') method!: string;
  @Column('text', { nullable: true }) route!: string | null;
  @Column('text') path!: string;
  @Column('text', { nullable: true }) query!: string | null;
  @Column('text', { nullable: true }) resource!: string | null;
  @Column('text', { nullable: true }) level!: string | null;
  @Column('text', { name: 'effective_level', nullable: true }) effectiveLevel!: string | null;
  @Column('text', { nullable: true }) operation!: string | null;
  @Column('smallint') status!: number;
  @Column('smallint', { nullable: true }) answered!: number | null;
  @Column('text') outcome!: string;
  @Column('text', { name: 'error_code', nullable: true }) errorCode!: string | null;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('inet', { nullable: true }) ip!: string | null;
  @Column('text', { name: 'user_agent', nullable: true }) userAgent!: string | null;
  @Column('text', { name: 'client_request_id', nullable: true }) clientRequestId!: string | null;
  @Column('integer', { name: 'duration_micros' }) durationMicros!: number;
  @Column('bigint', { name: 'response_bytes', nullable: true, transformer: numeric }) responseBytes!:
    number | null;
  @Column('smallint', { name: 'quota_charged' }) quotaCharged!: number;
  @Column('boolean') replayed!: boolean;
  /** How many requests the row stands for: 1, or more where refusals of a blocked address were folded. */
  @Column('integer') occurrences!: number;
  /** The row that this one closes or corrects. */
  @Column('uuid', { nullable: true }) completes!: string | null;
  /** Under which the personal fields enter the leaf; null once they are erased, and for rows of before. */
  @Column('bytea', { nullable: true, select: false }) salt!: Buffer | null;
  /** The row's leaf in the tree of its batch. */
  @Column('bytea', { nullable: true, select: false }) leaf!: Buffer | null;
}

/** One group commit of one writer: what makes an unclear commit repeatable. */
@Entity('audit_batches', { synchronize: false })
export class AuditBatch {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'audit_batches_pk' }) writer!: number;
  @PrimaryColumn('bigint', {
    name: 'batch_no',
    primaryKeyConstraintName: 'audit_batches_pk',
    transformer: numeric,
  })
  batchNo!: number;
  @Column('integer', { name: 'row_count' }) rowCount!: number;
  /** The header's parts, with its signature; null for a batch of before there were headers. */
  @Column('bytea', { nullable: true }) root!: Buffer | null;
  @Column('bytea', { name: 'prev_hash', nullable: true }) prevHash!: Buffer | null;
  @Column('bigint', { name: 'sealed_at', nullable: true, transformer: numeric }) sealedAt!: number | null;
  @Column('text', { name: 'signing_key', nullable: true }) signingKey!: string | null;
  @Column('bytea', { nullable: true }) signature!: Buffer | null;
  @Column('bytea', { name: 'header_hash', nullable: true }) headerHash!: Buffer | null;
  @Column('timestamp with time zone', { name: 'committed_at', default: () => 'clock_timestamp()' })
  committedAt!: Date;
}

/** When and from where a secret was last used, as one writer saw it; the truth is the maximum over writers. */
@Entity('key_activity')
export class KeyActivity {
  @PrimaryColumn('uuid', { name: 'key_id', primaryKeyConstraintName: 'key_activity_pk' }) keyId!: string;
  @PrimaryColumn('uuid', { name: 'secret_id', primaryKeyConstraintName: 'key_activity_pk' })
  secretId!: string;
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'key_activity_pk' }) writer!: number;
  @Column('timestamp with time zone', { name: 'last_used_at', precision: 3 }) lastUsedAt!: Date;
  @Column('inet', { name: 'last_used_ip', nullable: true }) lastUsedIp!: string | null;
}

/** Requests of a key in one hour, as one writer counted them; the truth is their sum. */
@Entity('key_usage')
@Index('key_usage_age', { synchronize: false })
@Index('key_usage_of_store', ['storeId', 'hour'])
export class KeyUsage {
  @PrimaryColumn('uuid', { name: 'key_id', primaryKeyConstraintName: 'key_usage_pk' }) keyId!: string;
  /** The start of the hour. */
  @PrimaryColumn('timestamp with time zone', { primaryKeyConstraintName: 'key_usage_pk' }) hour!: Date;
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'key_usage_pk' }) writer!: number;
  @Column('uuid', { name: 'organization_id' }) organizationId!: string;
  @Column('uuid', { name: 'store_id' }) storeId!: string;
  /** Every request that the key was known by, refused ones too; not those of a revoked or expired key. */
  @Column('integer') requests!: number;
  /** Those charged to the quota. */
  @Column('integer') charged!: number;
}

/** When a key last needed a level of a resource, to the hour, as one writer saw it; the truth is the maximum. */
@Entity('key_levels')
export class KeyLevel {
  @PrimaryColumn('uuid', { name: 'key_id', primaryKeyConstraintName: 'key_levels_pk' }) keyId!: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'key_levels_pk' }) resource!: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'key_levels_pk' }) level!: string;
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'key_levels_pk' }) writer!: number;
  @Column('timestamp with time zone', { name: 'last_used_at', precision: 3 }) lastUsedAt!: Date;
}

/** One change of business data. Written by the trigger `record_change` alone. */
@Entity('change_log', { synchronize: false })
export class ChangeLogRow {
  @PrimaryColumn('bigint', { transformer: numeric }) id!: number;
  @Column('timestamp with time zone', { precision: 3, default: () => 'clock_timestamp()' }) at!: Date;
  @Column('text', { name: 'actor_type' }) actorType!: string;
  @Column('text', { name: 'actor_id' }) actorId!: string;
  @Column('text') action!: string;
  @Column('text') entity!: string;
  @Column('text', { name: 'entity_id', nullable: true }) entityId!: string | null;
  @Column('uuid', { name: 'organization_id', nullable: true }) organizationId!: string | null;
  @Column('uuid', { name: 'store_id', nullable: true }) storeId!: string | null;
  @Column('jsonb', { nullable: true }) before!: Record<string, unknown> | null;
  @Column('jsonb', { nullable: true }) after!: Record<string, unknown> | null;
  @Column('uuid', { name: 'request_id', nullable: true }) requestId!: string | null;
  @Column('text', { nullable: true }) reason!: string | null;
}
