import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/index.js';
import { AppError, InvalidInput, NotFound } from '../platform/errors/index.js';
import { readInput } from '../platform/http/input/index.js';
import { defineJob, Jobs, type JobRun, type JobTask, runInBackground } from '../platform/jobs/index.js';
import { JobStore } from './job-store.js';
import { JobFailed, RunFailed } from './job-type.js';
import { JobTypes } from './job-types.js';
import type { JobError, StoreJob } from './job.entities.js';
import { RunningJob } from './running-job.js';

interface RunPayload {
  /** UUID. */
  readonly jobId: string;
}

/** Does what callers have ordered, apart from any request. Jobs of one store are done one after the other. */
@Injectable()
export class JobRunner implements OnModuleInit {
  private readonly task: JobTask<RunPayload> = defineJob({
    name: 'jobs.run',
    lane: 'long',
    run: ({ jobId }, run) => this.run(jobId, run),
  });

  constructor(
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly store: JobStore,
    private readonly types: JobTypes,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this.task);
  }

  /** Has a job done, once the transaction commits. */
  enqueue(tx: Transaction, { id, storeId }: Pick<StoreJob, 'id' | 'storeId'>): Promise<void> {
    return this.jobs.enqueue(tx, this.task, { jobId: id }, { key: id, queue: `jobs/${storeId}` });
  }

  private async run(jobId: string, { signal, logger }: JobRun): Promise<void> {
    const begun = await this.store.begin(jobId);
    if (!begun) return;
    const { job, progress, store, runId } = begun;
    await runInBackground(
      { signal, logger },
      async () => {
        const type = this.types.find(job.type);
        if (!type) throw new JobFailed('JOB_TYPE_GONE', 'This kind of job is no longer done.');
        const input = readInput(type.input, await this.wholeInput(job, type.content), 'body');
        const running = new RunningJob(this.database, job, runId, store, input, progress.state, signal);
        await this.store.succeed(jobId, runId, await type.run(running));
      },
      (error) => this.store.fail(jobId, publicError(error), isFinal(error)),
    );
  }

  /** The input as it was given, its large field included. */
  private async wholeInput(job: StoreJob, content: string | undefined): Promise<object> {
    if (content === undefined) return job.input;
    const [row] = await this.database.query<{ content: string | null }>(
      'SELECT content FROM job_progress WHERE job_id = $1',
      [job.id],
    );
    return row?.content == null ? job.input : { ...job.input, [content]: row.content };
  }
}

/** Whether trying again is of no use: what the input names is not there, or the input itself is not as it must be. */
function isFinal(error: unknown): boolean {
  return error instanceof JobFailed || error instanceof NotFound || error instanceof InvalidInput;
}

/** What the public is told; the rest is in the process's log. */
function publicError(error: unknown): JobError {
  if (error instanceof RunFailed) return { code: error.code, message: error.message };
  if (error instanceof AppError && error.code !== 'INTERNAL_ERROR') {
    return { code: error.code, message: error.message };
  }
  return { code: 'INTERNAL_ERROR', message: 'It failed by a fault of ours.' };
}
