import { Injectable } from '@nestjs/common';
import { Database, takeTurn, type Transaction } from '../../platform/database/index.js';
import { AppError, Conflict, NotFound } from '../../platform/errors/index.js';
import { assertMatches, etagOf } from '../../platform/http/etag.js';
import { type Principal, reaches, type RequestContext } from '../../platform/http/index.js';
import { readInput } from '../../platform/http/input/index.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { logScopeOf } from '../search/log-reader.js';
import { requestConditions } from '../search/request-conditions.js';
import { RequestFilter } from '../search/request-filter.js';
import { withinField } from '../search/within-field.js';
import { AuditView } from './audit-view.entity.js';
import type { AuditViewBody, AuditViewListQuery, AuditViewPatch } from './audit-view.input.js';
import { type AuditViewResponse, presentView } from './audit-view.response.js';

const MOST_OF_ORGANIZATION = 100;

/** Saved searches: an organization's shared ones, and everybody's own. */
@Injectable()
export class AuditViews {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly lists: Lists,
  ) {}

  /** @throws InvalidInput for a cursor that is not this list's */
  list(principal: Principal, query: AuditViewListQuery): Promise<Page<AuditViewResponse>> {
    const { id, organizationId } = principal;
    const builder = this.database.manager
      .createQueryBuilder(AuditView, 'view')
      .where('view.organizationId = :organizationId AND (view.shared OR view.ownerId = :id)', {
        organizationId,
        id,
      });
    return this.lists.page(query, {
      name: `audit-views/${organizationId}/${id}`,
      builder,
      present: presentView,
    });
  }

  /** @throws NotFound */
  async get(principal: Principal, id: string): Promise<AuditViewResponse> {
    const view = await this.database.manager.findOneBy(AuditView, { id });
    if (!view || !seesView(principal, view)) throw new NotFound();
    return presentView(view);
  }

  /** @throws InvalidInput for filters that the search refuses; Conflict where there are as many as there may be */
  create(context: RequestContext, body: AuditViewBody): Promise<AuditViewResponse> {
    const principal = context.authenticated;
    assertFilters(principal, body.filters);
    return this.transactions.run(context, async (tx) => {
      await assertRoom(tx, principal.organizationId);
      const now = new Date();
      const view: AuditView = {
        id: newUuid(),
        organizationId: principal.organizationId,
        ownerType: principal.kind,
        ownerId: principal.id,
        ...body,
        createdAt: now,
        updatedAt: now,
      };
      await tx.insert(AuditView, view);
      return presentView(view);
    });
  }

  /** Changes the given fields. @throws NotFound, PERMISSION_DENIED, PreconditionFailed, InvalidInput */
  update(context: RequestContext, id: string, patch: AuditViewPatch): Promise<AuditViewResponse> {
    if (patch.filters !== undefined) assertFilters(context.authenticated, patch.filters);
    return this.transactions.run(context, async (tx) => {
      const view = await this.locked(tx, context, id);
      const changed = { ...view, ...patch, updatedAt: new Date() };
      await tx.save(AuditView, changed);
      return presentView(changed);
    });
  }

  /** @throws NotFound, PERMISSION_DENIED, PreconditionFailed */
  async delete(context: RequestContext, id: string): Promise<void> {
    await this.transactions.run(context, async (tx) => {
      await this.locked(tx, context, id);
      await tx.delete(AuditView, { id });
    });
  }

  /** For whoever runs the installation: all of an organization (UUID), the oldest first; a hundred at most. */
  async allOf(organizationId: string): Promise<AuditViewResponse[]> {
    const order = { createdAt: 'ASC', id: 'ASC' } as const;
    const views = await this.database.manager.find(AuditView, { where: { organizationId }, order });
    return views.map(presentView);
  }

  /** The same: deletes one, whosever it is. @returns whether there was one */
  async remove(tx: Transaction, id: string): Promise<boolean> {
    const { affected } = await tx.delete(AuditView, { id });
    return affected === 1;
  }

  /** The row, for whoever may change it, and which nobody else changes until the transaction ends. */
  private async locked(tx: Transaction, context: RequestContext, id: string): Promise<AuditView> {
    const view = await tx.findOne(AuditView, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!view || !seesView(context.authenticated, view)) throw new NotFound();
    if (!mayChange(context.authenticated, view)) {
      throw new AppError(
        'PERMISSION_DENIED',
        'Its owner alone, or who administers the organization, may do this.',
        {
          details: { required: 'owner' },
        },
      );
    }
    assertMatches(context.ifMatch, etagOf(presentView(view)));
    return view;
  }
}

function seesView(principal: Principal, view: AuditView): boolean {
  return view.organizationId === principal.organizationId && (view.shared || view.ownerId === principal.id);
}

/** Shared ones must not stay for ever because their owner has gone. */
function mayChange(principal: Principal, view: AuditView): boolean {
  return (
    view.ownerId === principal.id || reaches(principal.effective('settings.organization').level, 'admin')
  );
}

/** That the search would take them. @throws InvalidInput, each fault named `filters.<name>`; PERMISSION_DENIED */
function assertFilters(principal: Principal, filters: Record<string, string>): void {
  withinField('filters', () => {
    const filter = readInput(RequestFilter, filters, 'query');
    requestConditions(filter, logScopeOf(principal, filter.organizationId));
  });
}

async function assertRoom(tx: Transaction, organizationId: string): Promise<void> {
  await takeTurn(tx, `audit-views/${organizationId}`);
  const count = await tx.countBy(AuditView, { organizationId });
  if (count >= MOST_OF_ORGANIZATION) {
    throw new Conflict(`An organization has at most ${MOST_OF_ORGANIZATION} saved views.`, {
      limit: MOST_OF_ORGANIZATION,
    });
  }
}
