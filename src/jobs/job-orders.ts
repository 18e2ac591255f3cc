import { Injectable } from '@nestjs/common';
import { takeTurn, type Transaction } from '../platform/database/index.js';
import { Conflict, faultsOf, type FieldError, InvalidInput } from '../platform/errors/index.js';
import {
  type Level,
  permissionDenied,
  type Principal,
  reaches,
  type RequestContext,
  type StoreScope,
} from '../platform/http/index.js';
import { readInput } from '../platform/http/input/index.js';
import { newUuid } from '../platform/ids/index.js';
import { BusinessTransactions } from '../platform/writes/index.js';
import { type JobView, presentJob } from './dto/job.response.js';
import { JobRunner } from './job-runner.js';
import type { JobType } from './job-type.js';
import { JobTypes } from './job-types.js';
import { JobProgress, StoreJob } from './job.entities.js';

/** Jobs of a store that are not finished, at most. */
const MOST_UNFINISHED = 50;

/** Takes orders: `POST /jobs` takes any, and a feature's own route those of its own type. */
@Injectable()
export class JobOrders {
  constructor(
    private readonly transactions: BusinessTransactions,
    private readonly types: JobTypes,
    private readonly runner: JobRunner,
  ) {}

  /**
   * Has a job done after this request.
   * @param type a registered one
   * @param input as its type's class reads it
   * @param named how its faults are named in what was sent
   * @throws InvalidInput, PERMISSION_DENIED, Conflict where many are unfinished; what BusinessTransactions throws for
   *   its Idempotency-Key
   */
  async take(
    context: RequestContext,
    store: StoreScope,
    type: string,
    input: Record<string, unknown>,
    named: (fault: FieldError) => FieldError = (fault) => fault,
  ): Promise<JobView> {
    const known = this.types.find(type);
    if (!known) throw new Error(`There is no type of job ${type}.`);
    assertHeld(context.authenticated, known, known.level);
    const read = faultsOf(() => {
      const taken = readInput(known.input, input, 'body');
      known.check?.(taken);
    });
    if ('faults' in read) {
      const [first, ...others] = read.faults;
      throw new InvalidInput([named(first), ...others.map(named)]);
    }
    return this.transactions.run(context, async (tx) =>
      presentJob(await this.insert(tx, context, store, known, input)),
    );
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
}

/** @throws PERMISSION_DENIED */
export function assertHeld(principal: Principal, { resource }: JobType, level: Level): void {
  const effective = principal.effective(resource);
  if (!reaches(effective.level, level)) throw permissionDenied(resource, level, effective);
}

/** Those of one store that come at once are counted one after the other. @throws Conflict */
export async function assertRoom(tx: Transaction, { storeId }: StoreScope): Promise<void> {
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

/** The large field, and the rest. */
function apart(
  input: Record<string, unknown>,
  content: string | undefined,
): { small: Record<string, unknown>; large: string | null } {
  if (content === undefined) return { small: input, large: null };
  const { [content]: large, ...small } = input;
  return { small, large: typeof large === 'string' ? large : null };
}
