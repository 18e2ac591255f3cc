import { Injectable } from '@nestjs/common';
import { JobOrders, type JobView } from '../../jobs/index.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import { type StoreCollection, StoreRecords } from '../../platform/records/index.js';
import { Copy } from './copy.entity.js';
import type { CopyInput, CopyListQuery } from './dto/copy-input.js';
import { type CopyView, viewOf } from './dto/copy-view.js';

/** As the index `copies_search` has it. */
const WORDS = `(to_tsvector('simple', copy.about) || to_tsvector('simple', copy.texts))`;

/** Generated texts of one store at a time. */
@Injectable()
export class CopyService {
  readonly all: StoreCollection<Copy, CopyView>;

  constructor(
    records: StoreRecords,
    private readonly orders: JobOrders,
  ) {
    this.all = records.of<Copy, CopyView>({ entity: Copy, name: 'copy', plural: 'copy', view: viewOf });
  }

  /** @throws what JobOrders.take throws */
  generate(context: RequestContext, store: StoreScope, input: CopyInput): Promise<JobView> {
    return this.orders.take(context, store, 'copy.generate', { ...input });
  }

  /** @throws InvalidInput for a cursor that is not this list's */
  list(store: StoreScope, query: CopyListQuery): Promise<Page<CopyView>> {
    return this.all.page(store, query, (builder, { q, goal, platform }) => {
      if (q !== undefined) builder.andWhere(`${WORDS} @@ websearch_to_tsquery('simple', :q)`, { q });
      if (goal) builder.andWhere('copy.goal = :goal', { goal });
      if (platform) builder.andWhere('copy.platform = :platform', { platform });
    });
  }
}
