import { Body, Controller, Delete, Get, HttpCode, Patch, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
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
import { lockMembers } from './last-admin.js';
import { MemberAdministration } from './member-administration.js';
import { ListMembersQuery, UpdateMemberInput } from './member.input.js';
import { MemberList } from './member-list.js';
import { MemberResponse, UNVERSIONED_MEMBER_FIELDS } from './member.response.js';

/** The people of the caller's organization. */
@ApiGroup('Members', 'The people of an organization, and those who are invited.')
@Controller('members')
@OrganizationWide()
@Resource('settings.members', { label: 'Members', highest: 'admin' })
export class MembersController {
  constructor(
    private readonly transactions: BusinessTransactions,
    private readonly members: MemberAdministration,
    private readonly memberList: MemberList,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listMembers', summary: 'List the members' })
  @ApiPage(MemberResponse, 'A page of members.')
  @ApiErrors()
  list(@Query() query: ListMembersQuery, @Context() context: RequestContext): Promise<Page<MemberResponse>> {
    return this.memberList.page(query, context.authenticated.organizationId);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getMember', summary: 'Get a member' })
  @ApiAnswer(MemberResponse, { description: 'The member.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(@IdParam('member') id: string, @Context() context: RequestContext): Promise<MemberResponse> {
    const member = await this.members.get(context.authenticated.organizationId, id);
    return withEtag(context, member, UNVERSIONED_MEMBER_FIELDS);
  }

  @Patch(':id')
  @Requires('admin')
  @ApiOperation({
    operationId: 'updateMember',
    summary: 'Change a member’s name, role or status; it binds the next request',
    description:
      'Giving or taking a role, and enabling, need every level of it (`EXCEEDS_OWN_GRANTS`). Disabling ends all ' +
      'sessions. The last active administrator stays one (`LAST_ADMIN`). Operators alone change an operator.',
  })
  @ApiAnswer(MemberResponse, { description: 'The member as it is now.', etag: true })
  @ApiIfMatch()
  @ApiErrors('body', 'conditional', 'conflict')
  async update(
    @IdParam('member') id: string,
    @Body() body: UpdateMemberInput,
    @Context() context: RequestContext,
  ): Promise<MemberResponse> {
    const { organizationId } = context.authenticated;
    const updated = await this.transactions.run(
      context,
      (tx) => this.members.update(tx, organizationId, id, body, changeOf(context)),
      { first: (tx) => lockMembers(tx, organizationId) },
    );
    return withEtag(context, updated, UNVERSIONED_MEMBER_FIELDS);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({
    operationId: 'deleteMember',
    summary: 'Remove a member and end its sessions',
    description:
      'What the member made stays, its keys too. One may remove oneself. The last active administrator stays.',
  })
  @ApiNoContent('The member is gone.')
  @ApiIfMatch()
  @ApiErrors('conditional', 'conflict')
  async delete(@IdParam('member') id: string, @Context() context: RequestContext): Promise<void> {
    const { organizationId } = context.authenticated;
    await this.transactions.run(
      context,
      (tx) => this.members.delete(tx, organizationId, id, changeOf(context)),
      { first: (tx) => lockMembers(tx, organizationId) },
    );
  }
}

/** Read inside the transaction: by then the principal is the one that was looked at again. */
const changeOf = (context: RequestContext) => ({ by: context.authenticated, ifMatch: context.ifMatch });
