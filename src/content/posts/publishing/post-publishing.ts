import { Injectable } from '@nestjs/common';
import type { RequestContext, StoreScope } from '../../../platform/http/index.js';
import { BusinessTransactions } from '../../../platform/writes/index.js';
import { type PostView, viewOf } from '../dto/post-view.js';
import { PostRecords } from '../post-records.js';
import type { PostStatus } from '../post.entity.js';

/** Sets posts on their way when somebody asks for it. */
@Injectable()
export class PostPublishing {
  constructor(
    private readonly transactions: BusinessTransactions,
    private readonly posts: PostRecords,
  ) {}

  /** @throws NotFound, Conflict where it is on its way, or out */
  publish(context: RequestContext, store: StoreScope, id: string): Promise<PostView> {
    return this.send(context, store, id, ['DRAFT', 'SCHEDULED', 'FAILED']);
  }

  /** @throws NotFound, Conflict where nothing of it has failed */
  retry(context: RequestContext, store: StoreScope, id: string): Promise<PostView> {
    return this.send(context, store, id, ['FAILED']);
  }

  private send(
    context: RequestContext,
    store: StoreScope,
    id: string,
    from: readonly PostStatus[],
  ): Promise<PostView> {
    return this.transactions.run(context, async (tx) => {
      const post = await this.posts.all.locked(tx, store, id);
      return viewOf(await this.posts.send(tx, store, post, from));
    });
  }
}
