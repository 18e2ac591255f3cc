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
import { AudienceBody, AudiencePatch } from './dto/audience-body.js';
import { AudienceListQuery } from './dto/audience-list-query.js';
import { AudienceView } from './dto/audience-view.js';
import { AudiencesService } from './audiences.service.js';

@ApiGroup('Audiences', 'Content: whom a store speaks to.')
@StoreController('audiences')
@Resource('content.audiences', { label: 'Audiences', highest: 'write' })
export class AudiencesController {
  constructor(private readonly audiences: AudiencesService) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listAudiences', summary: 'List audiences' })
  @ApiPage(AudienceView, 'A page of the audiences that fit the filters.')
  @ApiErrors()
  list(@Store() store: StoreScope, @Query() query: AudienceListQuery): Promise<Page<AudienceView>> {
    return this.audiences.list(store, query);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getAudience', summary: 'Get an audience' })
  @ApiAnswer(AudienceView, { description: 'The audience.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('audience') id: string,
  ): Promise<AudienceView> {
    return withEtag(context, await this.audiences.get(store, id));
  }

  @Post()
  @Requires('write')
  @ApiOperation({ operationId: 'createAudience', summary: 'Create an audience' })
  @ApiAnswer(AudienceView, {
    status: 201,
    description: 'The new audience.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent')
  async create(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() body: AudienceBody,
  ): Promise<AudienceView> {
    const audience = await this.audiences.create(context, store, body);
    setLocation(context, audience.id);
    return withEtag(context, audience);
  }

  @Put(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'replaceAudience', summary: 'Replace an audience' })
  @ApiIfMatch()
  @ApiAnswer(AudienceView, { description: 'The audience as it is now.', etag: true })
  @ApiErrors('body', 'conditional', 'conflict')
  async replace(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('audience') id: string,
    @Body() body: AudienceBody,
  ): Promise<AudienceView> {
    return withEtag(context, await this.audiences.replace(context, store, id, body));
  }

  @Patch(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'updateAudience', summary: 'Change some fields of an audience' })
  @ApiIfMatch()
  @ApiAnswer(AudienceView, { description: 'The audience as it is now.', etag: true })
  @ApiErrors('body', 'conditional', 'conflict')
  async update(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('audience') id: string,
    @Body() patch: AudiencePatch,
  ): Promise<AudienceView> {
    return withEtag(context, await this.audiences.update(context, store, id, patch));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('write')
  @ApiOperation({ operationId: 'deleteAudience', summary: 'Delete an audience' })
  @ApiIfMatch()
  @ApiNoContent('The audience is gone.')
  @ApiErrors('conditional')
  async delete(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('audience') id: string,
  ): Promise<void> {
    await this.audiences.delete(context, store, id);
  }
}
