import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../platform/database/index.js';
import { Store } from '../tenants/index.js';

/** `queued` before its first run, and between a failed run and the next. */
export const JOB_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Whether nothing more will happen to it by itself. */
export function isFinished(status: JobStatus): boolean {
  return status !== 'queued' && status !== 'running';
}

/** Why a job failed, as everybody may know it. */
export interface JobError {
  readonly code: string;
  readonly message: string;
}

/** What a caller has ordered, and how it stands. */
@Entity('jobs')
@Index('jobs_by_creation', ['storeId', 'createdAt', 'id'])
@Index('jobs_by_end', ['finishedAt'], { where: 'finished_at IS NOT NULL' })
@Index('jobs_unfinished', ['storeId'], { where: `status IN ('queued', 'running')` })
@Check('jobs_status', `status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')`)
@Check('jobs_actor', `actor_type IN ('key', 'member')`)
export class StoreJob {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'jobs_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Store, { name: 'jobs_store' })
  @Column('uuid', { name: 'store_id' })
  storeId!: string;
  @Column('text') type!: string;
  @Column('text') status!: JobStatus;
  /** Without what is large: that is the progress's `content`. */
  @Column('jsonb') input!: object;
  @Column('jsonb', { nullable: true }) result!: object | null;
  @Column('jsonb', { nullable: true }) error!: JobError | null;
  /** Who asked for it: what the job changes is their change. */
  @Column('text', { name: 'actor_type' }) actorType!: 'key' | 'member';
  @Column('uuid', { name: 'actor_id' }) actorId!: string;
  @Column('uuid', { name: 'request_id', nullable: true }) requestId!: string | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
  @Column('timestamp with time zone', { name: 'started_at', precision: 3, nullable: true })
  startedAt!: Date | null;
  @Column('timestamp with time zone', { name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: Date | null;
  /** Selected with it, by whoever needs it. */
  progress?: JobProgress;
}

/** How far a job has come. */
@Entity('job_progress')
export class JobProgress {
  @ForeignKey(() => StoreJob, { name: 'job_progress_job', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'job_id', primaryKeyConstraintName: 'job_progress_pk' })
  jobId!: string;
  /** The run that may go on with it; null before the first, and once it is finished. */
  @Column('uuid', { name: 'run_id', nullable: true }) runId!: string | null;
  @Column('integer', { default: 0 }) done!: number;
  /** Null while it is not known. */
  @Column('integer', { nullable: true }) total!: number | null;
  /** Where the next run goes on; null at the beginning. */
  @Column('jsonb', { nullable: true }) state!: object | null;
  /** Runs that failed by themselves; those that a crash or a stop ended are not counted. */
  @Column('integer', { default: 0 }) failures!: number;
  /** Of its rows, those that are kept and those past the most. */
  @Column('integer', { name: 'error_count', default: 0 }) errorCount!: number;
  @Column('text', { nullable: true, select: false }) content!: string | null;
}

/** What is wrong with one row of what a job was given. */
@Entity('job_row_errors')
@Index('job_row_errors_of_job', ['jobId', 'row', 'id'])
export class JobRowError {
  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    transformer: numeric,
    primaryKeyConstraintName: 'job_row_errors_pk',
  })
  id!: number;
  @ForeignKey(() => StoreJob, { name: 'job_row_errors_job', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'job_id' })
  jobId!: string;
  /** Counted from 1. */
  @Column('integer', { name: 'row_no' }) row!: number;
  @Column('text') field!: string;
  @Column('text') reason!: string;
}
