import { Body, Delete, Get, HttpCode, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { withEtag } from '../../platform/http/etag.js';
import {
  Context,
  type RequestContext,
  Requires,
  Resource,
  Store,
  StoreController,
  type StoreScope,
  setLocation,
} from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import {
  ApiAnswer,
  ApiConditionalGet,
  ApiErrors,
  ApiGroup,
  ApiIfMatch,
  ApiNoContent,
  ApiPage,
} from '../../platform/http/openapi/index.js';
import { PostBody, PostPatch } from './dto/post-body.js';
import { PostListQuery } from './dto/post-list-query.js';
import { PostView } from './dto/post-view.js';
import { PostPublishing } from './publishing/post-publishing.js';
import { PostsService } from './posts.service.js';

@ApiGroup('Posts', 'Content: what a store says, here and there.')
@StoreController('posts')
@Resource('content.posts', { label: 'Posts', highest: 'write' })
export class PostsController {
  constructor(
    private readonly posts: PostsService,
    private readonly publishing: PostPublishing,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listPosts', summary: 'List posts' })
  @ApiPage(PostView, 'A page of the posts that fit the filters.')
  @ApiErrors()
  list(@Store() store: StoreScope, @Query() query: PostListQuery): Promise<Page<PostView>> {
    return this.posts.list(store, query);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getPost', summary: 'Get a post' })
  @ApiAnswer(PostView, { description: 'The post.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('post') id: string,
  ): Promise<PostView> {
    return withEtag(context, await this.posts.get(store, id));
  }

  @Post()
  @Requires('write')
  @ApiOperation({ operationId: 'createPost', summary: 'Create a post' })
  @ApiAnswer(PostView, {
    status: 201,
    description: 'The new post.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent')
  async create(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() body: PostBody,
  ): Promise<PostView> {
    const post = await this.posts.create(context, store, body);
    setLocation(context, post.id);
    return withEtag(context, post);
  }

  @Put(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'replacePost', summary: 'Replace a post' })
  @ApiIfMatch()
  @ApiAnswer(PostView, { description: 'The post as it is now.', etag: true })
  @ApiErrors('body', 'conditional', 'conflict')
  async replace(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('post') id: string,
    @Body() body: PostBody,
  ): Promise<PostView> {
    return withEtag(context, await this.posts.replace(context, store, id, body));
  }

  @Patch(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'updatePost', summary: 'Change some fields of a post' })
  @ApiIfMatch()
  @ApiAnswer(PostView, { description: 'The post as it is now.', etag: true })
  @ApiErrors('body', 'conditional', 'conflict')
  async update(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('post') id: string,
    @Body() patch: PostPatch,
  ): Promise<PostView> {
    return withEtag(context, await this.posts.update(context, store, id, patch));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('write')
  @ApiOperation({ operationId: 'deletePost', summary: 'Delete a post' })
  @ApiIfMatch()
  @ApiNoContent('The post is gone.')
  @ApiErrors('conditional')
  async delete(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('post') id: string,
  ): Promise<void> {
    await this.posts.delete(context, store, id);
  }

  @Post(':id/publish')
  @HttpCode(202)
  @Requires('write')
  @ApiOperation({
    operationId: 'publishPost',
    summary: 'Publish a post now',
    description:
      'It is `PUBLISHING` until every platform has said how it went, then `PUBLISHED`, or `FAILED` where any did not take ' +
      'it; `publications` says which. Each is tried up to five times; one that fails holds up none of the others. The ' +
      'events `post.published` and `post.failed` tell of the end.',
  })
  @ApiAnswer(PostView, { status: 202, description: 'The post, which is on its way.', idempotent: true })
  @ApiErrors('idempotent', 'conflict')
  publish(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('post') id: string,
  ): Promise<PostView> {
    return this.publishing.publish(context, store, id);
  }

  @Post(':id/retry')
  @HttpCode(202)
  @Requires('write')
  @ApiOperation({
    operationId: 'retryPost',
    summary: 'Try the platforms again that did not take a post',
    description: 'Where it is out already, it is not published again.',
  })
  @ApiAnswer(PostView, { status: 202, description: 'The post, which is on its way.', idempotent: true })
  @ApiErrors('idempotent', 'conflict')
  retry(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('post') id: string,
  ): Promise<PostView> {
    return this.publishing.retry(context, store, id);
  }
}
