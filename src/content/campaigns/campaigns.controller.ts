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
  ApiIfMatch,
  ApiNoContent,
  ApiPage,
  ApiGroup,
} from '../../platform/http/openapi/index.js';
import { CampaignsService } from './campaigns.service.js';
import { CampaignBody, CampaignPatch } from './dto/campaign-body.js';
import { CampaignListQuery } from './dto/campaign-list-query.js';
import { CampaignView } from './dto/campaign-view.js';

@ApiGroup('Campaigns', 'Content: the campaigns of a store.')
@StoreController('campaigns')
@Resource('content.campaigns', { label: 'Campaigns', highest: 'write' })
export class CampaignsController {
  constructor(private readonly campaigns: CampaignsService) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listCampaigns', summary: 'List campaigns' })
  @ApiPage(CampaignView, 'A page of the campaigns that fit the filters.')
  @ApiErrors()
  list(@Store() store: StoreScope, @Query() query: CampaignListQuery): Promise<Page<CampaignView>> {
    return this.campaigns.list(store, query);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getCampaign', summary: 'Get a campaign' })
  @ApiAnswer(CampaignView, { description: 'The campaign.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('campaign') id: string,
  ): Promise<CampaignView> {
    return withEtag(context, await this.campaigns.get(store, id));
  }

  @Post()
  @Requires('write')
  @ApiOperation({ operationId: 'createCampaign', summary: 'Create a campaign' })
  @ApiAnswer(CampaignView, {
    status: 201,
    description: 'The new campaign.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent')
  async create(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() body: CampaignBody,
  ): Promise<CampaignView> {
    const campaign = await this.campaigns.create(context, store, body);
    setLocation(context, campaign.id);
    return withEtag(context, campaign);
  }

  @Put(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'replaceCampaign', summary: 'Replace a campaign' })
  @ApiIfMatch()
  @ApiAnswer(CampaignView, { description: 'The campaign as it is now.', etag: true })
  @ApiErrors('body', 'conditional', 'conflict')
  async replace(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('campaign') id: string,
    @Body() body: CampaignBody,
  ): Promise<CampaignView> {
    return withEtag(context, await this.campaigns.replace(context, store, id, body));
  }

  @Patch(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'updateCampaign', summary: 'Change some fields of a campaign' })
  @ApiIfMatch()
  @ApiAnswer(CampaignView, { description: 'The campaign as it is now.', etag: true })
  @ApiErrors('body', 'conditional', 'conflict')
  async update(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('campaign') id: string,
    @Body() patch: CampaignPatch,
  ): Promise<CampaignView> {
    return withEtag(context, await this.campaigns.update(context, store, id, patch));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('write')
  @ApiOperation({ operationId: 'deleteCampaign', summary: 'Delete a campaign' })
  @ApiIfMatch()
  @ApiNoContent('The campaign is gone.')
  @ApiErrors('conditional')
  async delete(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('campaign') id: string,
  ): Promise<void> {
    await this.campaigns.delete(context, store, id);
  }
}
