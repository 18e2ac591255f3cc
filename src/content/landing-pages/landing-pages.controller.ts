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
import { LandingPageBody, LandingPagePatch, RestoreBody } from './dto/landing-page-body.js';
import { LandingPageListQuery, PageVersionListQuery } from './dto/landing-page-list-query.js';
import { LandingPageView, PageVersionView } from './dto/landing-page-view.js';
import { LandingPagesService } from './landing-pages.service.js';

@ApiGroup('Landing pages', 'Content: pages that a store publishes.')
@StoreController('landing-pages')
@Resource('content.landing-pages', { label: 'Landing Pages', highest: 'write' })
export class LandingPagesController {
  constructor(private readonly landingPages: LandingPagesService) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listLandingPages', summary: 'List landing pages' })
  @ApiPage(LandingPageView, 'A page of the landing pages that fit the filters.')
  @ApiErrors()
  list(@Store() store: StoreScope, @Query() query: LandingPageListQuery): Promise<Page<LandingPageView>> {
    return this.landingPages.list(store, query);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getLandingPage', summary: 'Get a landing page' })
  @ApiAnswer(LandingPageView, { description: 'The landing page.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('landingPage') id: string,
  ): Promise<LandingPageView> {
    return withEtag(context, await this.landingPages.get(store, id));
  }

  @Post()
  @Requires('write')
  @ApiOperation({ operationId: 'createLandingPage', summary: 'Create a landing page' })
  @ApiAnswer(LandingPageView, {
    status: 201,
    description: 'The new landing page.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent')
  async create(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() body: LandingPageBody,
  ): Promise<LandingPageView> {
    const landingPage = await this.landingPages.create(context, store, body);
    setLocation(context, landingPage.id);
    return withEtag(context, landingPage);
  }

  @Put(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'replaceLandingPage', summary: 'Replace a landing page' })
  @ApiIfMatch()
  @ApiAnswer(LandingPageView, { description: 'The landing page as it is now.', etag: true })
  @ApiErrors('body', 'conditional', 'conflict')
  async replace(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('landingPage') id: string,
    @Body() body: LandingPageBody,
  ): Promise<LandingPageView> {
    return withEtag(context, await this.landingPages.replace(context, store, id, body));
  }

  @Patch(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'updateLandingPage', summary: 'Change some fields of a landing page' })
  @ApiIfMatch()
  @ApiAnswer(LandingPageView, { description: 'The landing page as it is now.', etag: true })
  @ApiErrors('body', 'conditional', 'conflict')
  async update(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('landingPage') id: string,
    @Body() patch: LandingPagePatch,
  ): Promise<LandingPageView> {
    return withEtag(context, await this.landingPages.update(context, store, id, patch));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('write')
  @ApiOperation({ operationId: 'deleteLandingPage', summary: 'Delete a landing page' })
  @ApiIfMatch()
  @ApiNoContent('The landing page is gone.')
  @ApiErrors('conditional')
  async delete(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('landingPage') id: string,
  ): Promise<void> {
    await this.landingPages.delete(context, store, id);
  }

  @Post(':id/publish')
  @HttpCode(200)
  @Requires('write')
  @ApiOperation({
    operationId: 'publishLandingPage',
    summary: 'Publish a landing page as it stands',
    description:
      'Makes a version of it, which everybody sees at its `path`. What is changed later waits for the next.',
  })
  @ApiAnswer(LandingPageView, { description: 'The landing page, which is published.', idempotent: true })
  @ApiErrors('idempotent')
  publish(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('landingPage') id: string,
  ): Promise<LandingPageView> {
    return this.landingPages.publish(context, store, id);
  }

  @Post(':id/unpublish')
  @HttpCode(200)
  @Requires('write')
  @ApiOperation({
    operationId: 'unpublishLandingPage',
    summary: 'Take a landing page from everybody’s sight',
    description: 'Its versions stay. Browsers may show it for a minute more.',
  })
  @ApiAnswer(LandingPageView, { description: 'The landing page, which is a draft.', idempotent: true })
  @ApiErrors('idempotent')
  unpublish(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('landingPage') id: string,
  ): Promise<LandingPageView> {
    return this.landingPages.unpublish(context, store, id);
  }

  @Get(':id/versions')
  @Requires('read')
  @ApiOperation({
    operationId: 'listLandingPageVersions',
    summary: 'List what a landing page said, each time',
  })
  @ApiPage(PageVersionView, 'A page of the versions, the newest first.')
  @ApiErrors()
  versions(
    @Store() store: StoreScope,
    @IdParam('landingPage') id: string,
    @Query() query: PageVersionListQuery,
  ): Promise<Page<PageVersionView>> {
    return this.landingPages.versions(store, id, query);
  }

  @Post(':id/restore')
  @HttpCode(200)
  @Requires('write')
  @ApiOperation({
    operationId: 'restoreLandingPage',
    summary: 'Make of a landing page what it was in a version',
    description: 'Everybody sees what they saw until it is published.',
  })
  @ApiAnswer(LandingPageView, { description: 'The landing page as it is now.', idempotent: true })
  @ApiErrors('body', 'idempotent')
  restore(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('landingPage') id: string,
    @Body() { version }: RestoreBody,
  ): Promise<LandingPageView> {
    return this.landingPages.restore(context, store, id, version);
  }
}
