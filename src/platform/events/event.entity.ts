import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numeric } from '../database/index.js';

/** Something that happened, written in the transaction that made it happen. */
@Entity('events', { synchronize: false })
export class EventRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'events_pk' }) id!: string;
  @Column('text') type!: string;
  @Column('uuid', { name: 'organization_id', nullable: true }) organizationId!: string | null;
  @Column('uuid', { name: 'store_id', nullable: true }) storeId!: string | null;
  /** The public id of what it happened to, e.g. `cmp_…`. */
  @Column('text', { name: 'subject_id' }) subjectId!: string;
  @Column('jsonb') data!: Record<string, unknown>;
  /** The request that caused it, by the transaction's actor; null where none did. */
  @Column('uuid', { name: 'request_id', nullable: true }) requestId!: string | null;
  @Column('timestamp with time zone', {
    name: 'occurred_at',
    precision: 3,
    default: () => 'clock_timestamp()',
  })
  occurredAt!: Date;
  /** Its number among its organization's events; null until the sequencer has been there. */
  @Column('bigint', { nullable: true, transformer: numeric }) sequence!: number | null;
  @Column('timestamp with time zone', { name: 'numbered_at', precision: 3, nullable: true })
  numberedAt!: Date | null;
}
