import { Body, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
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
import { ContentPlanBody, ContentPlanListQuery, ContentPlanPatch } from './dto/plan-body.js';
import { ContentPlanView } from './dto/plan-view.js';
import { ContentPlansService } from './content-plans.service.js';

@ApiGroup('Content plans', 'Content: calendars of proposed posts.')
@StoreController('content-plans')
@Resource('content.content-plans', { label: 'Content Plans', highest: 'write' })
export class ContentPlansController {
  constructor(private readonly contentPlans: ContentPlansService) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listContentPlans', summary: 'List content plans' })
  @ApiPage(ContentPlanView, 'A page of the content plans that fit the filters.')
  @ApiErrors()
  list(@Store() store: StoreScope, @Query() query: ContentPlanListQuery): Promise<Page<ContentPlanView>> {
    return this.contentPlans.list(store, query);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getContentPlan', summary: 'Get a content plan' })
  @ApiAnswer(ContentPlanView, { description: 'The content plan.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('contentPlan') id: string,
  ): Promise<ContentPlanView> {
    return withEtag(context, await this.contentPlans.get(store, id));
  }

  @Post()
  @Requires('write')
  @ApiOperation({ operationId: 'createContentPlan', summary: 'Create a content plan' })
  @ApiAnswer(ContentPlanView, {
    status: 201,
    description: 'The new content plan.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent')
  async create(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() body: ContentPlanBody,
  ): Promise<ContentPlanView> {
    const contentPlan = await this.contentPlans.create(context, store, body);
    setLocation(context, contentPlan.id);
    return withEtag(context, contentPlan);
  }

  @Patch(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'updateContentPlan', summary: 'Change some fields of a content plan' })
  @ApiIfMatch()
  @ApiAnswer(ContentPlanView, { description: 'The content plan as it is now.', etag: true })
  @ApiErrors('body', 'conditional', 'conflict')
  async update(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('contentPlan') id: string,
    @Body() patch: ContentPlanPatch,
  ): Promise<ContentPlanView> {
    return withEtag(context, await this.contentPlans.update(context, store, id, patch));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('write')
  @ApiOperation({ operationId: 'deleteContentPlan', summary: 'Delete a content plan' })
  @ApiIfMatch()
  @ApiNoContent('The content plan is gone.')
  @ApiErrors('conditional')
  async delete(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('contentPlan') id: string,
  ): Promise<void> {
    await this.contentPlans.delete(context, store, id);
  }

  @Post(':id/accept')
  @HttpCode(200)
  @Requires('write')
  @ApiOperation({
    operationId: 'acceptContentPlan',
    summary: 'Make drafts of a content plan',
    description:
      'A draft for each item, with its time in `scheduledFor`: all, or none. Accepting twice is 409.',
  })
  @ApiAnswer(ContentPlanView, { description: 'The content plan, with its drafts.', idempotent: true })
  @ApiErrors('idempotent', 'conflict')
  accept(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('contentPlan') id: string,
  ): Promise<ContentPlanView> {
    return this.contentPlans.accept(context, store, id);
  }
}
