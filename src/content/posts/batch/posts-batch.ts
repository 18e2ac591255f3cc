import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../../platform/database/index.js';
import {
  AppError,
  Conflict,
  type FieldError,
  InvalidInput,
  NotFound,
} from '../../../platform/errors/index.js';
import type { RequestContext, StoreScope } from '../../../platform/http/index.js';
import { readInput } from '../../../platform/http/input/index.js';
import { BusinessTransactions } from '../../../platform/writes/index.js';
import { PostBody } from '../dto/post-body.js';
import { viewOf } from '../dto/post-view.js';
import { PostRecords } from '../post-records.js';
import type { Post } from '../post.entity.js';
import { PostsService } from '../posts.service.js';
import { PostReplacement } from './batch.input.js';
import type { BatchResultView, BatchView } from './batch.response.js';

type Write = (tx: Transaction, item: unknown) => Promise<Post>;

/** Several posts in one request, each with a result of its own, or all or nothing. */
@Injectable()
export class PostsBatch {
  constructor(
    private readonly transactions: BusinessTransactions,
    private readonly posts: PostRecords,
    private readonly service: PostsService,
  ) {}

  /** @throws where `atomic`, what is wrong with the first item that has a fault */
  create(
    context: RequestContext,
    store: StoreScope,
    items: readonly unknown[],
    atomic: boolean,
  ): Promise<BatchView> {
    return this.run(context, items, { atomic, status: 201 }, (tx, item) => this.createOne(tx, store, item));
  }

  /** @throws where `atomic`, what is wrong with the first item that has a fault */
  replace(
    context: RequestContext,
    store: StoreScope,
    items: readonly unknown[],
    atomic: boolean,
  ): Promise<BatchView> {
    return this.run(context, items, { atomic, status: 200 }, async (tx, item) => {
      const { id, ...body } = readInput(PostReplacement, item, 'body');
      const before = await this.posts.all.locked(tx, store, id);
      return this.posts.all.save(tx, store, before, await this.service.replacing(tx, store, before, body));
    });
  }

  /** Makes a post of what a caller sent. @throws InvalidInput */
  async createOne(tx: Transaction, store: StoreScope, item: unknown): Promise<Post> {
    const body = readInput(PostBody, item, 'body');
    return this.posts.all.insert(tx, store, await this.service.contentOf(tx, store, body, 'DRAFT'));
  }

  private run(
    context: RequestContext,
    items: readonly unknown[],
    { atomic, status }: { atomic: boolean; status: number },
    write: Write,
  ): Promise<BatchView> {
    return this.transactions.run(context, async (tx) => {
      const results: BatchResultView[] = [];
      for (const [index, item] of items.entries()) {
        try {
          // What one that fails has written so far is taken back, and nothing else.
          const post = await tx.transaction((inner) => write(inner, item));
          results.push({ index, status, data: viewOf(post), error: null });
        } catch (error) {
          if (!(error instanceof AppError) || error.status >= 500) throw error;
          if (atomic) throw ofItem(error, index);
          const { code, message, details = null } = error;
          results.push({ index, status: error.status, data: null, error: { code, message, details } });
        }
      }
      const failed = results.filter(({ error }) => error !== null).length;
      return { succeeded: results.length - failed, failed, results };
    });
  }
}

/** The error of an item, as one of the whole batch. */
function ofItem(error: AppError, index: number): AppError {
  const at = `items[${index}]`;
  if (error instanceof InvalidInput) {
    const named = ({ field, reason }: FieldError) => ({
      field: field === 'body' ? at : `${at}.${field}`,
      reason,
    });
    const [first, ...others] = error.errors;
    return new InvalidInput([named(first), ...others.map(named)]);
  }
  if (error instanceof NotFound)
    return new InvalidInput([{ field: `${at}.id`, reason: 'is no post of this store' }]);
  if (error instanceof Conflict) return new Conflict(`${at}: ${error.message}`, { ...error.details, index });
  return error;
}
