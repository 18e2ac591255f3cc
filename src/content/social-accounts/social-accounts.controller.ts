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
import { POST_PLATFORMS, PLATFORM_LIMITS } from '../posts/post-platforms.js';
import { SocialAccountBody, SocialAccountListQuery, SocialAccountPatch } from './dto/social-account-body.js';
import { PlatformsView, SocialAccountView, SocialAccountWithSecretView } from './dto/social-account-view.js';
import { SocialAccountsService } from './social-accounts.service.js';

@ApiGroup('Social accounts', 'Content: where posts go, by network.')
@StoreController('social-accounts')
@Resource('content.social-accounts', { label: 'Social Accounts', highest: 'write' })
export class SocialAccountsController {
  constructor(private readonly socialAccounts: SocialAccountsService) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listSocialAccounts', summary: 'List social accounts' })
  @ApiPage(SocialAccountView, 'A page of the social accounts that fit the filters.')
  @ApiErrors()
  list(@Store() store: StoreScope, @Query() query: SocialAccountListQuery): Promise<Page<SocialAccountView>> {
    return this.socialAccounts.list(store, query);
  }

  @Get('platforms')
  @Requires('read')
  @ApiOperation({
    operationId: 'listPostPlatforms',
    summary: 'List the platforms that posts can go to',
    description: 'With what each takes, and whether the store has somewhere to send it.',
  })
  @ApiAnswer(PlatformsView, { description: 'The platforms.' })
  @ApiErrors()
  async platforms(@Store() store: StoreScope): Promise<PlatformsView> {
    const networks = await this.socialAccounts.networks(store);
    const data = POST_PLATFORMS.map((platform) => {
      const { caption, hashtags, media } = PLATFORM_LIMITS[platform];
      const connected = platform === 'feed' || networks.has(platform);
      return { platform, captionCharacters: caption, hashtags, media, connected };
    });
    return { data };
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getSocialAccount', summary: 'Get a social account' })
  @ApiAnswer(SocialAccountView, { description: 'The social account.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('socialAccount') id: string,
  ): Promise<SocialAccountView> {
    return withEtag(context, await this.socialAccounts.get(store, id));
  }

  @Post()
  @Requires('write')
  @ApiOperation({
    operationId: 'connectSocialAccount',
    summary: 'Connect an account',
    description:
      'Posts for the network go to its `url`, signed with its secret, which is shown in this answer alone. A network has ' +
      'one connected account (409).',
  })
  @ApiAnswer(SocialAccountWithSecretView, {
    status: 201,
    description: 'The new social account, with its secret.',
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async create(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() body: SocialAccountBody,
  ): Promise<SocialAccountWithSecretView> {
    const account = await this.socialAccounts.create(context, store, body);
    setLocation(context, account.id);
    return account;
  }

  @Patch(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'updateSocialAccount', summary: 'Change some fields of a social account' })
  @ApiIfMatch()
  @ApiAnswer(SocialAccountView, { description: 'The social account as it is now.', etag: true })
  @ApiErrors('body', 'conditional', 'conflict')
  async update(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('socialAccount') id: string,
    @Body() patch: SocialAccountPatch,
  ): Promise<SocialAccountView> {
    return withEtag(context, await this.socialAccounts.update(context, store, id, patch));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('write')
  @ApiOperation({ operationId: 'deleteSocialAccount', summary: 'Delete a social account' })
  @ApiIfMatch()
  @ApiNoContent('The social account is gone.')
  @ApiErrors('conditional')
  async delete(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('socialAccount') id: string,
  ): Promise<void> {
    await this.socialAccounts.delete(context, store, id);
  }

  @Post(':id/disconnect')
  @HttpCode(200)
  @Requires('write')
  @ApiOperation({
    operationId: 'disconnectSocialAccount',
    summary: 'Disconnect an account',
    description: 'Posts for the network have nowhere to go then. Doing so twice changes nothing.',
  })
  @ApiAnswer(SocialAccountView, { description: 'The social account as it is now.', idempotent: true })
  @ApiErrors('idempotent', 'conflict')
  disconnect(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('socialAccount') id: string,
  ): Promise<SocialAccountView> {
    return this.socialAccounts.turn(context, store, id, 'DISCONNECTED');
  }

  @Post(':id/reconnect')
  @HttpCode(200)
  @Requires('write')
  @ApiOperation({
    operationId: 'reconnectSocialAccount',
    summary: 'Reconnect an account',
    description: 'With the secret that it has. Another connected account of the network is in the way (409).',
  })
  @ApiAnswer(SocialAccountView, { description: 'The social account as it is now.', idempotent: true })
  @ApiErrors('idempotent', 'conflict')
  reconnect(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('socialAccount') id: string,
  ): Promise<SocialAccountView> {
    return this.socialAccounts.turn(context, store, id, 'CONNECTED');
  }
}
