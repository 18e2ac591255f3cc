import { Injectable } from '@nestjs/common';
import { JobOrders, type JobView } from '../../jobs/index.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import { matching, type StoreCollection, StoreRecords } from '../../platform/records/index.js';
import { type ImageSetView, viewOf } from './dto/image-set-view.js';
import type { ImageSetListQuery, ImagesInput } from './dto/images-input.js';
import { ImageSet } from './image-set.entity.js';

/** Generated images of one store at a time. */
@Injectable()
export class ImagesService {
  readonly all: StoreCollection<ImageSet, ImageSetView>;

  constructor(
    records: StoreRecords,
    private readonly orders: JobOrders,
  ) {
    this.all = records.of<ImageSet, ImageSetView>({
      entity: ImageSet,
      name: 'imageSet',
      plural: 'images',
      view: viewOf,
    });
  }

  /** @throws what JobOrders.take throws */
  generate(context: RequestContext, store: StoreScope, input: ImagesInput): Promise<JobView> {
    return this.orders.take(context, store, 'images.generate', { ...input });
  }

  /** @throws InvalidInput for a cursor that is not this list's */
  list(store: StoreScope, query: ImageSetListQuery): Promise<Page<ImageSetView>> {
    return this.all.page(store, query, (builder, { q, sku }) => {
      matching(builder, q, ['prompt']);
      if (sku !== undefined) builder.andWhere('imageSet.sku = :sku', { sku });
    });
  }
}
