import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { CONFIG, type Config } from '../../platform/config/index.js';
import type { Transaction } from '../../platform/database/index.js';
import { withEtag } from '../../platform/http/etag.js';
import { Context, OrganizationWide, RequestContext, Requires, Resource } from '../../platform/http/index.js';
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
import { BusinessTransactions } from '../../platform/writes/index.js';
import { baseOfRequest } from '../links.js';
import { InvitationList } from './invitation-list.js';
import { CreateInvitationInput, ListInvitationsQuery } from './invitation.input.js';
import {
  InvitationResponse,
  InvitationWithLinkResponse,
  UNVERSIONED_INVITATION_FIELDS,
} from './invitation.response.js';
import { type Inviter, InvitationsService } from './invitations.service.js';

/** Those who are invited to the caller's organization. */
@ApiGroup('Members')
@Controller('invitations')
@OrganizationWide()
@Resource('settings.members', { label: 'Members', highest: 'admin' })
export class InvitationsController {
  constructor(
    private readonly transactions: BusinessTransactions,
    private readonly invitations: InvitationsService,
    private readonly invitationList: InvitationList,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listInvitations', summary: 'List the invitations' })
  @ApiPage(InvitationResponse, 'A page of invitations; never with their links.')
  @ApiErrors()
  list(
    @Query() query: ListInvitationsQuery,
    @Context() context: RequestContext,
  ): Promise<Page<InvitationResponse>> {
    return this.invitationList.page(query, context.authenticated.organizationId);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getInvitation', summary: 'Get an invitation' })
  @ApiAnswer(InvitationResponse, { description: 'The invitation, without its link.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @IdParam('invitation') id: string,
    @Context() context: RequestContext,
  ): Promise<InvitationResponse> {
    const invitation = await this.invitationList.get(context.authenticated.organizationId, id);
    return withEtag(context, invitation, UNVERSIONED_INVITATION_FIELDS);
  }

  @Post()
  @Requires('admin')
  @ApiOperation({
    operationId: 'createInvitation',
    summary: 'Invite somebody; the link is mailed, or shown once',
    description:
      'The link works once, for seven days. Whoever invites needs every level of the role. An address that has an ' +
      'open invitation is 409, with its id.',
  })
  @ApiAnswer(InvitationWithLinkResponse, {
    status: 201,
    description: 'The invitation, with its link where no mail server is configured.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async create(
    @Body() body: CreateInvitationInput,
    @Context() context: RequestContext,
  ): Promise<InvitationWithLinkResponse> {
    const { organizationId } = context.authenticated;
    const created = await this.withLink(context, (tx, inviter) =>
      this.invitations.create(tx, organizationId, body, inviter),
    );
    context.setHeader('Location', `/api/v1/invitations/${created.id}`);
    return created;
  }

  @Post(':id/renew')
  @HttpCode(200)
  @Requires('admin')
  @ApiOperation({
    operationId: 'renewInvitation',
    summary: 'Give an invitation a new link and seven more days; the old link stops working',
  })
  @ApiAnswer(InvitationWithLinkResponse, {
    description: 'The invitation, with its new link where no mail server is configured.',
    etag: true,
    idempotent: true,
  })
  @ApiErrors('idempotent', 'conflict')
  renew(
    @IdParam('invitation') id: string,
    @Context() context: RequestContext,
  ): Promise<InvitationWithLinkResponse> {
    const { organizationId } = context.authenticated;
    return this.withLink(context, (tx, inviter) => this.invitations.renew(tx, organizationId, id, inviter));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({ operationId: 'deleteInvitation', summary: 'Delete an invitation; its link stops working' })
  @ApiNoContent('The invitation is gone.')
  @ApiIfMatch()
  @ApiErrors('conditional')
  async delete(@IdParam('invitation') id: string, @Context() context: RequestContext): Promise<void> {
    await this.transactions.run(context, (tx) =>
      this.invitations.delete(tx, context.authenticated.organizationId, id, context.ifMatch),
    );
  }

  /** Runs what answers with a link: a secret, where it is there, and no part of the version. */
  private async withLink(
    context: RequestContext,
    work: (tx: Transaction, inviter: Inviter) => Promise<InvitationWithLinkResponse>,
  ): Promise<InvitationWithLinkResponse> {
    const base = baseOfRequest(context.request, this.config);
    const { link, ...invitation } = await this.transactions.run(
      context,
      (tx) => work(tx, { actor: context.actor, by: context.authenticated, base }),
      this.invitations.showsLinks ? { secretOf: ({ id }) => id } : {},
    );
    return { ...withEtag(context, invitation, UNVERSIONED_INVITATION_FIELDS), link };
  }
}
