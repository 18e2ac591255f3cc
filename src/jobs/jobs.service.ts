import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/index.js';
import { Conflict, type FieldError, InvalidInput, NotFound } from '../platform/errors/index.js';
import {
  type Level,
  type Principal,
  reaches,
  type RequestContext,
  type StoreScope,
} from '../platform/http/index.js';
import { Lists, type Page } from '../platform/http/lists/index.js';
import { BusinessTransactions } from '../platform/writes/index.js';
import type { JobBody, JobListQuery, RowErrorListQuery } from './dto/job.input.js';
import { type JobView, presentJob, presentRowError, type RowErrorView } from './dto/job.response.js';
import { assertHeld, assertRoom, JobOrders } from './job-orders.js';
import { JobRunner } from './job-runner.js';
import { JobStore } from './job-store.js';
import { JobTypes } from './job-types.js';
import { isFinished, JobProgress, JobRowError, StoreJob } from './job.entities.js';

/** The jobs of one store at a time, as far as their kinds may be seen. */
@Injectable()
export class JobsService {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly lists: Lists,
    private readonly types: JobTypes,
    private readonly orders: JobOrders,
    private readonly store: JobStore,
    private readonly runner: JobRunner,
  ) {}

  /** Those of kinds that the caller may see. @throws InvalidInput for a cursor that is not this list's */
  list(principal: Principal, store: StoreScope, query: JobListQuery): Promise<Page<JobView>> {
    const visible = this.types
      .list()
      .filter(({ resource }) => reaches(principal.effective(resource).level, 'read'))
      .map(({ type }) => type);
    const builder = selected(this.database.manager, store).andWhere('job.type = ANY(:visible)', { visible });
    if (query.type !== undefined) builder.andWhere('job.type = :type', { type: query.type });
    if (query.status !== undefined) builder.andWhere('job.status = :status', { status: query.status });
    return this.lists.page(query, { name: `jobs/${store.storeId}`, builder, present: presentJob });
  }

  /** @throws NotFound, PERMISSION_DENIED */
  async get(principal: Principal, store: StoreScope, id: string): Promise<JobView> {
    return presentJob(await this.find(this.database.manager, principal, store, id, 'read'));
  }

  /** What is wrong with the rows that a job was given. @throws NotFound, PERMISSION_DENIED, InvalidInput */
  async errors(
    principal: Principal,
    store: StoreScope,
    id: string,
    query: RowErrorListQuery,
  ): Promise<Page<RowErrorView>> {
    await this.find(this.database.manager, principal, store, id, 'read');
    const builder = this.database.manager
      .createQueryBuilder(JobRowError, 'error')
      .where('error.jobId = :id', { id });
    return this.lists.page(query, { name: `job-errors/${id}`, builder, present: presentRowError });
  }

  /**
   * Takes an order of `POST /jobs`.
   * @throws InvalidInput, with the input's faults named as in the body; what JobOrders.take throws
   */
  async create(context: RequestContext, store: StoreScope, { type, input }: JobBody): Promise<JobView> {
    if (!this.types.find(type)) {
      const known = this.types.list().map((each) => each.type);
      throw new InvalidInput([{ field: 'type', reason: `must be one of ${known.join(', ')}` }]);
    }
    return this.orders.take(context, store, type, input, inBody);
  }

  /** Ends a job that is under way; what its finished steps changed stays. @throws NotFound, PERMISSION_DENIED, Conflict */
  cancel(context: RequestContext, store: StoreScope, id: string): Promise<JobView> {
    return this.change(context, store, id, async (tx, job) => {
      if (job.status === 'cancelled') return;
      if (isFinished(job.status)) {
        throw new Conflict(`The job is finished: it has ${job.status}.`, { status: job.status });
      }
      const found = await this.store.locked(tx, id);
      if (found) await this.store.finish(tx, found, 'cancelled', {});
    });
  }

  /** Has a job that failed or was cancelled done, from where it was. @throws NotFound, PERMISSION_DENIED, Conflict */
  retry(context: RequestContext, store: StoreScope, id: string): Promise<JobView> {
    return this.change(context, store, id, async (tx, job) => {
      if (job.status !== 'failed' && job.status !== 'cancelled') {
        throw new Conflict(`Only a job that failed or was cancelled is tried again: it is ${job.status}.`, {
          status: job.status,
        });
      }
      await assertRoom(tx, store);
      await tx.update(
        StoreJob,
        { id },
        { status: 'queued', error: null, finishedAt: null, updatedAt: new Date() },
      );
      await tx.update(JobProgress, { jobId: id }, { failures: 0, runId: null });
      await this.runner.enqueue(tx, job);
    });
  }

  private change(
    context: RequestContext,
    store: StoreScope,
    id: string,
    work: (tx: Transaction, job: StoreJob) => Promise<void>,
  ): Promise<JobView> {
    return this.transactions.run(context, async (tx) => {
      const locked = await tx.findOne(StoreJob, {
        where: { id, storeId: store.storeId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!locked) throw new NotFound();
      const job = await this.find(tx, context.authenticated, store, id);
      await work(tx, job);
      return presentJob(await this.find(tx, context.authenticated, store, id));
    });
  }

  private async find(
    tx: Transaction,
    principal: Principal,
    store: StoreScope,
    id: string,
    level?: Level,
  ): Promise<StoreJob> {
    const job = await selected(tx, store).andWhere('job.id = :id', { id }).getOne();
    if (!job) throw new NotFound();
    const type = this.types.find(job.type);
    if (!type) throw new NotFound('a kind of job that is no longer done');
    assertHeld(principal, type, level ?? type.level);
    return job;
  }
}

function selected(tx: Transaction, store: StoreScope) {
  return tx
    .createQueryBuilder(StoreJob, 'job')
    .innerJoinAndMapOne('job.progress', JobProgress, 'progress', 'progress.jobId = job.id')
    .where('job.storeId = :storeId', { storeId: store.storeId });
}

/** A fault of the input, as one of the body that it is in. */
const inBody = ({ field, reason }: FieldError): FieldError => ({
  field: field === 'body' ? 'input' : `input.${field}`,
  reason,
});
