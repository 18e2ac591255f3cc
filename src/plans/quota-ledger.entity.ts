import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a quota subject has used in its current windows. Written by `gate_admit` alone. */
@Entity('quota_ledger')
export class QuotaLedgerRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'quota_ledger_pk' }) subject!: string;
  @Column('timestamp with time zone', { name: 'hour_start', default: () => `'-infinity'` }) hourStart!: Date;
  @Column('integer', { name: 'hour_used', default: 0 }) hourUsed!: number;
  /** The percentage of the hour's limit that events have told of: 0, 80 or 100. */
  @Column('smallint', { name: 'hour_told', default: 0 }) hourTold!: number;
  @Column('timestamp with time zone', { name: 'day_start', default: () => `'-infinity'` }) dayStart!: Date;
  @Column('integer', { name: 'day_used', default: 0 }) dayUsed!: number;
  @Column('smallint', { name: 'day_told', default: 0 }) dayTold!: number;
}

/** When a key last made an identical request. Written by `gate_admit`, swept by a job. */
@Entity('polling_gate')
@Index('polling_gate_age', { synchronize: false })
export class PollingMark {
  @PrimaryColumn('uuid', { name: 'key_id', primaryKeyConstraintName: 'polling_gate_pk' }) keyId!: string;
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'polling_gate_pk' }) fingerprint!: string;
  @Column('timestamp with time zone') at!: Date;
}
