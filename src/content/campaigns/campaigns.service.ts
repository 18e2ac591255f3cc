import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/index.js';
import { InvalidInput, NotFound } from '../../platform/errors/index.js';
import { Events } from '../../platform/events/index.js';
import { assertMatches, etagOf } from '../../platform/http/etag.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { Campaign } from './campaign.entity.js';
import { fitting } from './campaign-filter.js';
import type { CampaignBody, CampaignPatch } from './dto/campaign-body.js';
import type { CampaignListQuery } from './dto/campaign-list-query.js';
import { type CampaignView, viewOf } from './dto/campaign-view.js';

/** What a caller may set. */
type Content = Omit<Campaign, 'id' | 'version' | 'storeId' | 'createdAt' | 'updatedAt'>;

/** The campaigns of one store at a time: whatever belongs to another store is not there. */
@Injectable()
export class CampaignsService {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly events: Events,
    private readonly lists: Lists,
  ) {}

  /** @throws InvalidInput for a cursor that is not this list's, or a range that ends before it starts */
  async list(store: StoreScope, query: CampaignListQuery): Promise<Page<CampaignView>> {
    assertDateOrder(query);
    const builder = this.database.manager
      .createQueryBuilder(Campaign, 'campaign')
      .where('campaign.storeId = :storeId', { storeId: store.storeId });
    return this.lists.page(query, {
      name: `campaigns/${store.storeId}`,
      builder: fitting(builder, query),
      present: viewOf,
    });
  }

  /** @throws NotFound */
  async get(store: StoreScope, id: string): Promise<CampaignView> {
    const campaign = await this.database.manager.findOneBy(Campaign, { id, storeId: store.storeId });
    if (!campaign) throw new NotFound();
    return viewOf(campaign);
  }

  /** @throws InvalidInput; what BusinessTransactions throws for its Idempotency-Key */
  async create(context: RequestContext, store: StoreScope, body: CampaignBody): Promise<CampaignView> {
    const content = contentOf(body);
    assertDateOrder(content);
    return this.transactions.run(context, async (tx) => {
      const now = new Date();
      const id = newUuid();
      const campaign = tx.create(Campaign, {
        id,
        storeId: store.storeId,
        ...content,
        createdAt: now,
        updatedAt: now,
      });
      await tx.insert(Campaign, campaign);
      const view = viewOf(campaign);
      await this.emit(tx, store, 'campaign.created', view);
      return view;
    });
  }

  /** Puts a whole campaign in the place of another. @throws NotFound, PreconditionFailed, InvalidInput */
  async replace(
    context: RequestContext,
    store: StoreScope,
    id: string,
    body: CampaignBody,
  ): Promise<CampaignView> {
    return this.change(context, store, id, contentOf(body));
  }

  /** Changes the given fields. @throws NotFound, PreconditionFailed, InvalidInput */
  async update(
    context: RequestContext,
    store: StoreScope,
    id: string,
    patch: CampaignPatch,
  ): Promise<CampaignView> {
    return this.change(context, store, id, patch);
  }

  /** @throws NotFound, PreconditionFailed */
  async delete(context: RequestContext, store: StoreScope, id: string): Promise<void> {
    await this.transactions.run(context, async (tx) => {
      const view = viewOf(await locked(tx, store, id));
      assertMatches(context.ifMatch, etagOf(view));
      await tx.delete(Campaign, { id });
      await this.emit(tx, store, 'campaign.deleted', view);
    });
  }

  private async change(
    context: RequestContext,
    store: StoreScope,
    id: string,
    changes: Partial<Content>,
  ): Promise<CampaignView> {
    return this.transactions.run(context, async (tx) => {
      const before = await locked(tx, store, id);
      const current = viewOf(before);
      assertMatches(context.ifMatch, etagOf(current));
      const after: Campaign = { ...before, ...changes };
      assertDateOrder(after);
      // What changes nothing is no new version: the tag stays, and no event tells of it.
      if (etagOf(viewOf(after)) === etagOf(current)) return current;

      const updatedAt = new Date();
      await tx.update(Campaign, { id }, { ...changes, updatedAt });
      const view = viewOf({ ...after, updatedAt });
      await this.emit(tx, store, 'campaign.updated', view);
      return view;
    });
  }

  private async emit(tx: Transaction, store: StoreScope, type: string, view: CampaignView): Promise<void> {
    await this.events.emit(tx, {
      type,
      organizationId: store.organizationId,
      storeId: store.storeId,
      subjectId: view.id,
      data: { ...view },
    });
  }
}

/** The row, which nobody else changes until the transaction ends. @throws NotFound */
async function locked(tx: Transaction, store: StoreScope, id: string): Promise<Campaign> {
  const campaign = await tx.findOne(Campaign, {
    where: { id, storeId: store.storeId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!campaign) throw new NotFound();
  return campaign;
}

/** A whole campaign: what a body leaves out is empty. */
function contentOf(body: CampaignBody): Content {
  return {
    ...body,
    budgetCents: body.budgetCents ?? null,
    startDate: body.startDate ?? null,
    endDate: body.endDate ?? null,
  };
}

/** @throws InvalidInput */
function assertDateOrder({ startDate, endDate }: { startDate?: Date | null; endDate?: Date | null }): void {
  if (startDate && endDate && endDate < startDate) {
    throw new InvalidInput([{ field: 'endDate', reason: 'must not be before startDate' }]);
  }
}
