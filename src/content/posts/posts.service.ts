import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { Transaction } from '../../platform/database/index.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import { type ContentOf, matching } from '../../platform/records/index.js';
import { assertDateOrder } from '../date-order.js';
import type { PostBody, PostPatch } from './dto/post-body.js';
import type { PostListQuery } from './dto/post-list-query.js';
import type { PostView } from './dto/post-view.js';
import { assertEditable } from './post-life.js';
import { PostRecords } from './post-records.js';
import type { Post, PostStatus } from './post.entity.js';

/** The columns that the index `posts_search` has. */
const SEARCHED = ['title', 'caption'];

/** The posts of one store at a time. */
@Injectable()
export class PostsService {
  constructor(private readonly posts: PostRecords) {}

  /** @throws InvalidInput for a cursor that is not this list's, or a range that ends before it starts */
  async list(store: StoreScope, query: PostListQuery): Promise<Page<PostView>> {
    assertDateOrder(query);
    return this.posts.all.page(store, query, fitting);
  }

  /** @throws NotFound */
  get(store: StoreScope, id: string): Promise<PostView> {
    return this.posts.all.get(store, id);
  }

  /** @throws InvalidInput; what BusinessTransactions throws for its Idempotency-Key */
  create(context: RequestContext, store: StoreScope, body: PostBody): Promise<PostView> {
    return this.posts.all.create(context, store, (tx) => this.contentOf(tx, store, body, 'DRAFT'));
  }

  /** Puts a whole post in the place of another. @throws NotFound, PreconditionFailed, InvalidInput, Conflict once it is out */
  replace(context: RequestContext, store: StoreScope, id: string, body: PostBody): Promise<PostView> {
    return this.posts.all.change(context, store, id, (before, tx) => this.replacing(tx, store, before, body));
  }

  /** Changes the given fields. @throws NotFound, PreconditionFailed, InvalidInput, Conflict once it is out */
  update(context: RequestContext, store: StoreScope, id: string, patch: PostPatch): Promise<PostView> {
    return this.posts.all.change(context, store, id, async (before, tx) => {
      assertEditable(before);
      await this.posts.assertCampaign(tx, store, patch.campaignId);
      await this.posts.useMedia(tx, store, patch);
      return patch;
    });
  }

  /** What is out stays out. @throws NotFound, PreconditionFailed */
  delete(context: RequestContext, store: StoreScope, id: string): Promise<void> {
    return this.posts.all.delete(context, store, id);
  }

  /** The content of a new post. @throws InvalidInput for a campaign or a medium that is not the store's */
  async contentOf(
    tx: Transaction,
    store: StoreScope,
    body: PostBody,
    status: PostStatus,
  ): Promise<ContentOf<Post>> {
    await this.posts.assertCampaign(tx, store, body.campaignId);
    await this.posts.useMedia(tx, store, body);
    return {
      ...body,
      link: body.link ?? null,
      campaignId: body.campaignId ?? null,
      scheduledFor: body.scheduledFor ?? null,
      status: body.status ?? status,
      publishedAt: null,
      publications: [],
    };
  }

  /** What a body makes of a post that is locked. @throws Conflict once it is out; InvalidInput */
  async replacing(
    tx: Transaction,
    store: StoreScope,
    before: Post,
    body: PostBody,
  ): Promise<ContentOf<Post>> {
    assertEditable(before);
    // Nobody has it yet: it is a draft again.
    return this.contentOf(tx, store, body, before.status === 'FAILED' ? 'DRAFT' : before.status);
  }
}

function fitting(
  builder: SelectQueryBuilder<Post>,
  { q, status, platform, campaignId, startDate, endDate }: PostListQuery,
): void {
  const moment = 'coalesce(post.scheduledFor, post.publishedAt, post.createdAt)';
  matching(builder, q, SEARCHED);
  if (status) builder.andWhere('post.status = :status', { status });
  if (platform) builder.andWhere(':platform = ANY(post.platforms)', { platform });
  if (campaignId) builder.andWhere('post.campaignId = :campaignId', { campaignId });
  if (startDate) builder.andWhere(`${moment} >= :startDate`, { startDate });
  if (endDate) builder.andWhere(`${moment} <= :endDate`, { endDate });
}
