import { Injectable } from '@nestjs/common';
import { Database, takeTurn, type Transaction } from '../platform/database/index.js';
import { Conflict, faultsOf, type FieldError, InvalidInput, NotFound } from '../platform/errors/index.js';
import {
  type Level,
  permissionDenied,
  type Principal,
  reaches,
  type RequestContext,
  type StoreScope,
} from '../platform/http/index.js';
import { readInput } from '../platform/http/input/index.js';
import { Lists, type Page } from '../platform/http/lists/index.js';
import { newUuid } from '../platform/ids/index.js';
import { BusinessTransactions } from '../platform/writes/index.js';
import type { JobBody, JobListQuery, RowErrorListQuery } from './dto/job.input.js';
import { type JobView, presentJob, presentRowError, type RowErrorView } from './dto/job.response.js';
import { JobRunner } from './job-runner.js';
import { JobStore } from './job-store.js';
import type { JobType } from './job-type.js';
import { JobTypes } from './job-types.js';
import { isFinished, JobProgress, JobRowError, StoreJob } from './job.entities.js';

/** Jobs of a store that are not finished, at most. */
const MOST_UNFINISHED = 50;

/** The jobs of one store at a time, as far as their kinds may be seen. */
@Injectable()
export class JobsService {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly lists: Lists,
    private readonly types: JobTypes,
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
   * Takes an order.
   * @throws InvalidInput, PERMISSION_DENIED, Conflict where many are unfinished; what BusinessTransactions throws for
   *   its Idempotency-Key
   */
  create(context: RequestContext, store: StoreScope, body: JobBody): Promise<JobView> {
    const type = this.types.find(body.type);
    if (!type) {
      const known = this.types.list().map((each) => each.type);
      throw new InvalidInput([{ field: 'type', reason: `must be one of ${known.join(', ')}` }]);
    }
    assertHeld(context.authenticated, type, type.level);
    const read = faultsOf(() => {
      const input = readInput(type.input, body.input, 'body');
      type.check?.(input);
    });
    if ('faults' in read) {
      const [first, ...others] = read.faults;
      throw new InvalidInput([named(first), ...others.map(named)]);
    }
    return this.transactions.run(context, async (tx) =>
      presentJob(await this.insert(tx, context, store, type, body.input)),
    );
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

  private async insert(
    tx: Transaction,
    context: RequestContext,
    store: StoreScope,
    type: JobType,
    input: Record<string, unknown>,
  ): Promise<StoreJob> {
    await assertRoom(tx, store);
    const { kind, id: actorId } = context.authenticated;
    const now = new Date();
    const { small, large } = apart(input, type.content);
    const job = tx.create(StoreJob, {
      ...{ id: newUuid(), storeId: store.storeId, type: type.type, status: 'queued', input: small },
      ...{ result: null, error: null, actorType: kind, actorId, requestId: context.uuid },
      ...{ createdAt: now, updatedAt: now, startedAt: null, finishedAt: null },
    });
    const progress = tx.create(JobProgress, {
      ...{ jobId: job.id, runId: null, done: 0, total: null, state: null, failures: 0, errorCount: 0 },
      content: large,
    });
    await tx.insert(StoreJob, job);
    await tx.insert(JobProgress, progress);
    await this.runner.enqueue(tx, job);
    return { ...job, progress };
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

/** @throws PERMISSION_DENIED */
function assertHeld(principal: Principal, { resource }: JobType, level: Level): void {
  const effective = principal.effective(resource);
  if (!reaches(effective.level, level)) throw permissionDenied(resource, level, effective);
}

/** A fault of the input, as one of the body that it is in. */
const named = ({ field, reason }: FieldError): FieldError => ({
  field: field === 'body' ? 'input' : `input.${field}`,
  reason,
});

/** The large field, and the rest. */
function apart(
  input: Record<string, unknown>,
  content: string | undefined,
): { small: Record<string, unknown>; large: string | null } {
  if (content === undefined) return { small: input, large: null };
  const { [content]: large, ...small } = input;
  return { small, large: typeof large === 'string' ? large : null };
}

/** Those of one store that come at once are counted one after the other. @throws Conflict */
async function assertRoom(tx: Transaction, { storeId }: StoreScope): Promise<void> {
  await takeTurn(tx, `jobs/${storeId}`);
  const unfinished = await tx
    .createQueryBuilder(StoreJob, 'job')
    .where(`job.storeId = :storeId AND job.status IN ('queued', 'running')`, { storeId })
    .getCount();
  if (unfinished >= MOST_UNFINISHED) {
    throw new Conflict(`At most ${MOST_UNFINISHED} jobs of a store are unfinished at a time.`, {
      unfinished,
    });
  }
}
