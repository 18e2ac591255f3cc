import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../platform/http/input/index.js';
import { type Level, LEVELS } from '../../platform/http/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import type { JobType } from '../job-type.js';
import {
  JOB_STATUSES,
  type JobError,
  type JobRowError,
  type JobStatus,
  type StoreJob,
} from '../job.entities.js';

@ApiSchema({ name: 'JobProgress' })
class ProgressView {
  @ApiProperty({ type: 'integer', example: 4_200 }) done!: number;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Null while it is not known.',
    example: 10_000,
  })
  total!: number | null;
}

@ApiSchema({ name: 'JobError' })
class ErrorView implements JobError {
  @ApiProperty({ example: 'FEED_UNREADABLE' }) code!: string;
  @ApiProperty({ example: 'The feed’s first line has no column sku.' }) message!: string;
}

/** A job as it is answered. */
@ApiSchema({ name: 'Job' })
export class JobView {
  @ApiProperty({ type: 'string', pattern: idPattern('job'), example: 'job_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  id!: string;

  @ApiProperty({ type: 'string', pattern: idPattern('store'), example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  storeId!: string;

  @ApiProperty({ example: 'products.import' }) type!: string;

  @ApiProperty({
    enum: JOB_STATUSES,
    description: '`queued` until it is begun, and after a run that failed, until it is tried again.',
    example: 'running',
  })
  status!: JobStatus;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'As it was given, without its large field.',
    example: { format: 'csv' },
  })
  input!: object;

  @ApiProperty({ type: ProgressView }) progress!: ProgressView;

  @ApiProperty({
    type: 'integer',
    description: 'Faults of rows; `GET /jobs/{id}/errors` lists them.',
    example: 3,
  })
  errorCount!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'What came of it, by the type; null until it has succeeded.',
    example: null,
  })
  result!: object | null;

  @ApiProperty({
    type: ErrorView,
    nullable: true,
    description: 'Why it failed, or, while it is `queued` again, why its last run did.',
    example: null,
  })
  error!: JobError | null;

  @ApiProperty({ type: 'integer', description: 'Runs that failed, so far.', example: 0 }) failures!: number;

  @ApiProperty({
    type: 'string',
    description: 'Who asked for it: a key’s or a member’s id. What the job changes is their change.',
    example: 'key_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  createdBy!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  createdAt!: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'When its status changed last; its progress does not count.',
    example: '2026-02-11T08:30:01.000Z',
  })
  updatedAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-02-11T08:30:01.000Z' })
  startedAt!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: null })
  finishedAt!: string | null;
}

/** A job as the API answers it. The row was selected with its progress. */
export function presentJob(job: StoreJob): JobView {
  const { progress } = job;
  if (!progress) throw new Error('The job was selected without its progress.');
  return {
    id: toPublicId('job', job.id),
    storeId: toPublicId('store', job.storeId),
    type: job.type,
    status: job.status,
    input: job.input,
    progress: { done: progress.done, total: progress.total },
    errorCount: progress.errorCount,
    result: job.result,
    error: job.error,
    failures: progress.failures,
    createdBy: toPublicId(job.actorType, job.actorId),
    createdAt: job.createdAt.toISOString(),
    updatedAt: job.updatedAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}

/** A fault of one row of what a job was given. */
@ApiSchema({ name: 'JobRowError' })
export class RowErrorView {
  @ApiProperty({ type: 'integer', description: 'Counted from 1, without a line of names.', example: 17 })
  row!: number;
  @ApiProperty({ description: 'The field, or an empty text where it is the whole row.', example: 'price' })
  field!: string;
  @ApiProperty({ example: 'must be an amount such as 12.50' }) reason!: string;
}

export const presentRowError = ({ row, field, reason }: JobRowError): RowErrorView => ({
  row,
  field,
  reason,
});

/** A kind of job. */
@ApiSchema({ name: 'JobType' })
export class JobTypeView {
  @ApiProperty({ example: 'products.import' }) type!: string;
  @ApiProperty({ example: 'Takes a product feed: new products are made, known ones changed.' })
  description!: string;
  @ApiProperty({
    description: 'Where a caller needs the level, beside `content.jobs`.',
    example: 'content.products',
  })
  resource!: string;
  @ApiProperty({ enum: LEVELS, example: 'write' }) level!: Level;
}

@ApiSchema({ name: 'JobTypes' })
export class JobTypesView {
  @ApiProperty({ type: [JobTypeView] }) data!: JobTypeView[];
}

export const presentJobType = ({ type, description, resource, level }: JobType): JobTypeView => ({
  type,
  description,
  resource,
  level,
});
