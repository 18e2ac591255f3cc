import { Injectable } from '@nestjs/common';
import { type Actor, Database, type Transaction } from '../platform/database/index.js';
import { Events } from '../platform/events/index.js';
import type { StoreScope } from '../platform/http/index.js';
import { MOST_FAILURES, RunSuperseded } from '../platform/jobs/index.js';
import { newUuid, toPublicId } from '../platform/ids/index.js';
import { isFinished, type JobError, JobProgress, type JobStatus, StoreJob } from './job.entities.js';

const ACTOR: Actor = { type: 'system', id: 'jobs' };

/** A job with the store it is in. */
export interface OrderedJob {
  readonly job: StoreJob;
  readonly progress: JobProgress;
  readonly store: StoreScope;
}

/**
 * How jobs pass from one status to the next. A run that is believed dead may still be alive: each names itself with
 * whatever it records, and only the one that the progress names is heard.
 */
@Injectable()
export class JobStore {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
  ) {}

  /** Gives the job to a new run; undefined where it is finished or gone. */
  async begin(jobId: string): Promise<(OrderedJob & { readonly runId: string }) | undefined> {
    const runId = newUuid();
    return this.database.write({ actor: ACTOR }, async (tx) => {
      const found = await this.locked(tx, jobId);
      if (!found || isFinished(found.job.status)) return undefined;
      await tx.update(JobProgress, { jobId }, { runId });
      if (found.job.status === 'queued') {
        await tx.update(
          StoreJob,
          { id: jobId },
          { status: 'running', startedAt: found.job.startedAt ?? new Date(), updatedAt: new Date() },
        );
      }
      return { ...found, runId };
    });
  }

  /** Ends a job with its result, and tells of it. @throws RunSuperseded */
  async succeed(jobId: string, runId: string, result: object): Promise<void> {
    await this.database.write({ actor: ACTOR }, async (tx) => {
      const found = await this.locked(tx, jobId);
      if (found?.progress.runId !== runId) throw new RunSuperseded(`The job ${jobId}`);
      await this.finish(tx, found, 'succeeded', { result });
    });
  }

  /**
   * Records that a run failed, and answers whether the job has failed by it: at once where trying again is of no use,
   * else with the last try.
   */
  async fail(jobId: string, error: JobError, final: boolean): Promise<boolean> {
    return this.database.write({ actor: ACTOR }, async (tx) => {
      const found = await this.locked(tx, jobId);
      if (!found || isFinished(found.job.status)) return true;
      const failures = found.progress.failures + 1;
      const last = final || failures >= MOST_FAILURES;
      await tx.update(JobProgress, { jobId }, { failures, runId: null });
      if (last) await this.finish(tx, found, 'failed', { error });
      else await tx.update(StoreJob, { id: jobId }, { status: 'queued', error, updatedAt: new Date() });
      return last;
    });
  }

  /** Ends a job that is locked, and tells of it; whatever its run still does is not recorded. */
  async finish(
    tx: Transaction,
    { job, progress, store }: OrderedJob,
    status: JobStatus,
    { result = null, error = null }: { result?: object | null; error?: JobError | null },
  ): Promise<StoreJob> {
    const now = new Date();
    const changes = { status, result, error, finishedAt: now, updatedAt: now };
    await tx.update(StoreJob, { id: job.id }, changes);
    // What it was given may be personal, and is needed no more, unless it is to be tried again.
    const given = status === 'succeeded' ? { content: null } : {};
    await tx.update(JobProgress, { jobId: job.id }, { runId: null, ...given });
    await this.events.emit(tx, {
      type: 'job.finished',
      organizationId: store.organizationId,
      storeId: store.storeId,
      subjectId: toPublicId('job', job.id),
      data: {
        id: toPublicId('job', job.id),
        storeId: toPublicId('store', job.storeId),
        type: job.type,
        status,
        result,
        error,
        errorCount: progress.errorCount,
        createdBy: toPublicId(job.actorType, job.actorId),
        createdAt: job.createdAt,
        finishedAt: now,
      },
    });
    return { ...job, ...changes };
  }

  /** The job and its progress, which nobody else changes until the transaction ends. */
  async locked(tx: Transaction, jobId: string): Promise<OrderedJob | undefined> {
    const job = await tx.findOne(StoreJob, { where: { id: jobId }, lock: { mode: 'pessimistic_write' } });
    const progress = job && (await tx.findOneBy(JobProgress, { jobId }));
    if (!job || !progress) return undefined;
    const [scope] = await tx.query<{ organization_id: string }[]>(
      'SELECT organization_id FROM stores WHERE id = $1',
      [job.storeId],
    );
    if (!scope) return undefined;
    return { job, progress, store: { storeId: job.storeId, organizationId: scope.organization_id } };
  }
}
