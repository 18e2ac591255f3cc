import { Injectable } from '@nestjs/common';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import { matching, type StoreCollection, StoreRecords } from '../../platform/records/index.js';
import { Audience } from './audience.entity.js';
import type { AudienceBody, AudiencePatch } from './dto/audience-body.js';
import type { AudienceListQuery } from './dto/audience-list-query.js';
import { type AudienceView, viewOf } from './dto/audience-view.js';
import { assertRules } from './rules-sql.js';

/** The columns that the index `audiences_search` has. */
const SEARCHED = ['name', 'description'];

/** The audiences of one store at a time. */
@Injectable()
export class AudiencesService {
  readonly all: StoreCollection<Audience, AudienceView>;

  constructor(records: StoreRecords) {
    this.all = records.of<Audience, AudienceView>({
      entity: Audience,
      name: 'audience',
      plural: 'audiences',
      view: viewOf,
      check: ({ rules }) => assertRules(rules),
    });
  }

  /** @throws InvalidInput for a cursor that is not this list's */
  list(store: StoreScope, query: AudienceListQuery): Promise<Page<AudienceView>> {
    return this.all.page(store, query, (builder, { q }) => matching(builder, q, SEARCHED));
  }

  /** @throws NotFound */
  get(store: StoreScope, id: string): Promise<AudienceView> {
    return this.all.get(store, id);
  }

  /** @throws InvalidInput; what BusinessTransactions throws for its Idempotency-Key */
  create(context: RequestContext, store: StoreScope, body: AudienceBody): Promise<AudienceView> {
    return this.all.create(context, store, { ...body, rules: body.rules ?? null });
  }

  /** Puts a whole audience in the place of another; who is listed stays. @throws NotFound, PreconditionFailed, InvalidInput */
  replace(context: RequestContext, store: StoreScope, id: string, body: AudienceBody): Promise<AudienceView> {
    return this.all.change(context, store, id, { ...body, rules: body.rules ?? null });
  }

  /** Changes the given fields. @throws NotFound, PreconditionFailed, InvalidInput */
  update(
    context: RequestContext,
    store: StoreScope,
    id: string,
    patch: AudiencePatch,
  ): Promise<AudienceView> {
    return this.all.change(context, store, id, patch);
  }

  /** Its customers stay. @throws NotFound, PreconditionFailed */
  delete(context: RequestContext, store: StoreScope, id: string): Promise<void> {
    return this.all.delete(context, store, id);
  }
}
