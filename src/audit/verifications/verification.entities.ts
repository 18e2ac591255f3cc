import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import type { FoundReport } from './found-report.js';

/** `queued` before its first run, and between a failed run and the next. */
export const VERIFICATION_STATUSES = ['queued', 'running', 'done', 'failed'] as const;
export type VerificationStatus = (typeof VERIFICATION_STATUSES)[number];

/** What was asked for; never changed. */
@Entity('audit_verifications')
@Index('audit_verifications_of_organization', ['organizationId', 'createdAt', 'id'])
@Index('audit_verifications_created', ['createdAt'])
export class AuditVerification {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audit_verifications_pk' }) id!: string;
  @Column('uuid', { name: 'organization_id' }) organizationId!: string;
  @Column('text', { name: 'actor_type' }) actorType!: 'key' | 'member';
  @Column('text', { name: 'actor_id' }) actorId!: string;
  /** Batches that were sealed from then on; null: from the first one on. */
  @Column('timestamp with time zone', { name: 'from_at', precision: 3, nullable: true }) from!: Date | null;
  /** Batches that were sealed up to then; null: up to the last one. */
  @Column('timestamp with time zone', { name: 'to_at', precision: 3, nullable: true }) to!: Date | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3 }) createdAt!: Date;
  /** Selected with it, by whoever needs it. */
  run?: AuditVerificationRun;
}

/** How far a verification has come, and what it found. */
@Entity('audit_verification_runs')
@Check('audit_verification_runs_status', `status IN ('queued', 'running', 'done', 'failed')`)
export class AuditVerificationRun {
  @ForeignKey(() => AuditVerification, { name: 'audit_verification_runs_verification', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'verification_id', primaryKeyConstraintName: 'audit_verification_runs_pk' })
  verificationId!: string;
  @Column('text') status!: VerificationStatus;
  /** Names the run that is heard: one that is believed dead may still be alive. */
  @Column('uuid', { name: 'run_id', nullable: true }) runId!: string | null;
  @Column('bigint', { name: 'rows_done', transformer: numeric }) rowsDone!: number;
  @Column('bigint', { name: 'rows_estimated', transformer: numeric }) rowsEstimated!: number;
  /** Runs that failed by themselves; those that a crash or a stop ended are not counted. */
  @Column('integer') failures!: number;
  @Column('jsonb', { nullable: true }) report!: FoundReport | null;
  @Column('timestamp with time zone', { name: 'started_at', precision: 3, nullable: true })
  startedAt!: Date | null;
  @Column('timestamp with time zone', { name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: Date | null;
}
