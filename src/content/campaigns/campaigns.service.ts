import { Injectable } from '@nestjs/common';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import type { ContentOf } from '../../platform/records/index.js';
import { assertDateOrder } from '../date-order.js';
import type { Campaign, CampaignStatus } from './campaign.entity.js';
import { fitting } from './campaign-filter.js';
import { CampaignRecords } from './campaign-records.js';
import type { CampaignBody, CampaignPatch } from './dto/campaign-body.js';
import type { CampaignListQuery } from './dto/campaign-list-query.js';
import type { CampaignView } from './dto/campaign-view.js';

/** The campaigns of one store at a time. */
@Injectable()
export class CampaignsService {
  constructor(private readonly campaigns: CampaignRecords) {}

  /** @throws InvalidInput for a cursor that is not this list's, or a range that ends before it starts */
  async list(store: StoreScope, query: CampaignListQuery): Promise<Page<CampaignView>> {
    assertDateOrder(query);
    return this.campaigns.all.page(store, query, fitting);
  }

  /** @throws NotFound */
  get(store: StoreScope, id: string): Promise<CampaignView> {
    return this.campaigns.all.get(store, id);
  }

  /** @throws InvalidInput; what BusinessTransactions throws for its Idempotency-Key */
  create(context: RequestContext, store: StoreScope, body: CampaignBody): Promise<CampaignView> {
    return this.campaigns.all.create(context, store, contentOf(body, 'DRAFT'));
  }

  /**
   * Puts a whole campaign in the place of another; it stays where it stands unless the body says otherwise.
   * @throws NotFound, PreconditionFailed, InvalidInput, Conflict
   */
  replace(context: RequestContext, store: StoreScope, id: string, body: CampaignBody): Promise<CampaignView> {
    return this.campaigns.all.change(context, store, id, ({ status }) => contentOf(body, status));
  }

  /** Changes the given fields. @throws NotFound, PreconditionFailed, InvalidInput, Conflict */
  update(
    context: RequestContext,
    store: StoreScope,
    id: string,
    patch: CampaignPatch,
  ): Promise<CampaignView> {
    return this.campaigns.all.change(context, store, id, patch);
  }

  /** @throws NotFound, PreconditionFailed */
  delete(context: RequestContext, store: StoreScope, id: string): Promise<void> {
    return this.campaigns.all.delete(context, store, id);
  }
}

/** A whole campaign: what a body leaves out is empty. */
function contentOf(body: CampaignBody, status: CampaignStatus): ContentOf<Campaign> {
  return {
    ...body,
    status: body.status ?? status,
    budgetCents: body.budgetCents ?? null,
    startDate: body.startDate ?? null,
    endDate: body.endDate ?? null,
  };
}
