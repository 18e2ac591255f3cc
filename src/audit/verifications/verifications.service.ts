import { Injectable } from '@nestjs/common';
import { Database, takeTurn, type Transaction } from '../../platform/database/index.js';
import { Conflict, InvalidInput, NotFound } from '../../platform/errors/index.js';
import type { Principal, RequestContext } from '../../platform/http/index.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { isOperator } from '../search/log-reader.js';
import { AuditVerification, AuditVerificationRun } from './verification.entities.js';
import type { CreateAuditVerificationInput, ListAuditVerificationsQuery } from './verification.input.js';
import { VerificationJob } from './verification-job.js';
import { type AuditVerificationResponse, presentVerification } from './verification.response.js';

/** Of an organization that are not done yet: each reads the whole log. */
const MOST_UNFINISHED = 1;

/** The verifications of one organization at a time. */
@Injectable()
export class VerificationsService {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly lists: Lists,
    private readonly job: VerificationJob,
  ) {}

  /** @throws InvalidInput for a cursor that is not this list's */
  list(principal: Principal, query: ListAuditVerificationsQuery): Promise<Page<AuditVerificationResponse>> {
    const { organizationId } = principal;
    const builder = selected(this.database.manager, organizationId);
    if (query.status !== undefined) builder.andWhere('run.status = :status', { status: query.status });
    const present = (order: AuditVerification) =>
      presentVerification(order, runOf(order), isOperator(principal));
    return this.lists.page(query, { name: `audit-verifications/${organizationId}`, builder, present });
  }

  /** @throws NotFound */
  async get(principal: Principal, id: string): Promise<AuditVerificationResponse> {
    const order = await selected(this.database.manager, principal.organizationId)
      .andWhere('verification.id = :id', { id })
      .getOne();
    if (!order) throw new NotFound();
    return presentVerification(order, runOf(order), isOperator(principal));
  }

  /**
   * Takes the order.
   * @throws InvalidInput, Conflict while another one is under way; what BusinessTransactions throws for its
   *   Idempotency-Key
   */
  create(
    context: RequestContext,
    { from, to }: CreateAuditVerificationInput,
  ): Promise<AuditVerificationResponse> {
    if (from && to && to < from) throw new InvalidInput([{ field: 'to', reason: 'must not be before from' }]);
    const { organizationId, kind, id: actorId } = context.authenticated;
    return this.transactions.run(context, async (tx) => {
      await assertRoom(tx, organizationId);
      const order = tx.create(AuditVerification, {
        ...{ id: newUuid(), organizationId, actorType: kind, actorId, createdAt: new Date() },
        ...{ from: from ?? null, to: to ?? null },
      });
      const run = tx.create(AuditVerificationRun, {
        ...{ verificationId: order.id, status: 'queued', runId: null, rowsDone: 0, rowsEstimated: 0 },
        ...{ failures: 0, report: null, startedAt: null, finishedAt: null },
      });
      await tx.insert(AuditVerification, order);
      await tx.insert(AuditVerificationRun, run);
      await this.job.enqueue(tx, order.id);
      return presentVerification(order, run, isOperator(context.authenticated));
    });
  }

  /** For whoever runs the installation: one, whosever it is. */
  async find(id: string): Promise<AuditVerificationResponse | undefined> {
    const order = await joined(this.database.manager).where('verification.id = :id', { id }).getOne();
    return order ? presentVerification(order, runOf(order), true) : undefined;
  }

  /** The same: the newest of an organization. */
  async newest(organizationId: string, most: number): Promise<AuditVerificationResponse[]> {
    const orders = await selected(this.database.manager, organizationId)
      .orderBy('verification.createdAt', 'DESC')
      .addOrderBy('verification.id', 'DESC')
      .limit(most)
      .getMany();
    return orders.map((order) => presentVerification(order, runOf(order), true));
  }
}

function joined(tx: Transaction) {
  return tx
    .createQueryBuilder(AuditVerification, 'verification')
    .innerJoinAndMapOne(
      'verification.run',
      AuditVerificationRun,
      'run',
      'run.verificationId = verification.id',
    );
}

function selected(tx: Transaction, organizationId: string) {
  return joined(tx).where('verification.organizationId = :organizationId', { organizationId });
}

function runOf(order: AuditVerification): AuditVerificationRun {
  if (!order.run) throw new Error('The verification was selected without its run.');
  return order.run;
}

/** Those of one organization that come at once are counted one after the other. @throws Conflict */
async function assertRoom(tx: Transaction, organizationId: string): Promise<void> {
  await takeTurn(tx, `audit-verifications/${organizationId}`);
  const unfinished = await selected(tx, organizationId)
    .andWhere(`run.status IN ('queued', 'running')`)
    .getCount();
  if (unfinished >= MOST_UNFINISHED) {
    throw new Conflict('A verification is under way already.', { unfinished });
  }
}
