import { Body, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  Context,
  type RequestContext,
  Requires,
  Resource,
  Store,
  StoreController,
  type StoreScope,
} from '../../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../../platform/http/openapi/index.js';
import { BatchQuery, CreatePostsBody, ReplacePostsBody } from './batch.input.js';
import { BatchView } from './batch.response.js';
import { PostsBatch } from './posts-batch.js';

/** Up to a hundred posts in one request, which costs one. */
@ApiGroup('Posts')
@StoreController('posts/batch')
@Resource('content.posts')
export class PostsBatchController {
  constructor(private readonly batch: PostsBatch) {}

  @Post()
  @HttpCode(200)
  @Requires('write')
  @ApiOperation({
    operationId: 'createPosts',
    summary: 'Create several posts',
    description:
      'One result per item, in their order: an item with a fault is no fault of the others, unless `atomic`.',
  })
  @ApiAnswer(BatchView, { description: 'What came of each item.', idempotent: true })
  @ApiErrors('body', 'idempotent')
  create(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Query() { atomic }: BatchQuery,
    @Body() { items }: CreatePostsBody,
  ): Promise<BatchView> {
    return this.batch.create(context, store, items, atomic);
  }

  @Put()
  @Requires('write')
  @ApiOperation({
    operationId: 'replacePosts',
    summary: 'Replace several posts',
    description: 'As `PUT /posts/{id}` for each item, which names its `id`.',
  })
  @ApiAnswer(BatchView, { description: 'What came of each item.' })
  @ApiErrors('body', 'conflict')
  replace(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Query() { atomic }: BatchQuery,
    @Body() { items }: ReplacePostsBody,
  ): Promise<BatchView> {
    return this.batch.replace(context, store, items, atomic);
  }
}
