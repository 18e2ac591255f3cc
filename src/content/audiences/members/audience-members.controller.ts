import { Body, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
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
import { IdParam } from '../../../platform/http/input/index.js';
import type { Page } from '../../../platform/http/lists/index.js';
import {
  ApiAnswer,
  ApiErrors,
  ApiGroup,
  ApiNoContent,
  ApiPage,
} from '../../../platform/http/openapi/index.js';
import { EstimateBody } from '../dto/audience-body.js';
import { SizeView } from '../dto/audience-view.js';
import { MemberListQuery, MembersBody } from './member.input.js';
import { ListedView, MemberView } from './member.response.js';
import { AudienceMembersService } from './audience-members.service.js';

/** Who is in an audience. */
@ApiGroup('Audiences')
@StoreController('audiences')
@Resource('content.audiences')
export class AudienceMembersController {
  constructor(private readonly members: AudienceMembersService) {}

  @Post('estimate')
  @HttpCode(200)
  @Requires('read')
  @ApiOperation({
    operationId: 'estimateAudience',
    summary: 'Count the customers that rules would fit',
    description: 'Changes nothing.',
  })
  @ApiAnswer(SizeView, { description: 'How many there are.', idempotent: true })
  @ApiErrors('body', 'idempotent')
  estimate(@Store() store: StoreScope, @Body() { rules }: EstimateBody): Promise<SizeView> {
    return this.members.estimate(store, rules);
  }

  @Get(':id/size')
  @Requires('read')
  @ApiOperation({ operationId: 'getAudienceSize', summary: 'Count the customers of an audience' })
  @ApiAnswer(SizeView, { description: 'How many there are.' })
  @ApiErrors()
  size(@Store() store: StoreScope, @IdParam('audience') id: string): Promise<SizeView> {
    return this.members.size(store, id);
  }

  @Get(':id/members')
  @Requires('read')
  @ApiOperation({
    operationId: 'listAudienceMembers',
    summary: 'List the customers of an audience',
    description: 'Those that fit its rules and those that are listed.',
  })
  @ApiPage(MemberView, 'A page of the customers.')
  @ApiErrors()
  list(
    @Store() store: StoreScope,
    @IdParam('audience') id: string,
    @Query() query: MemberListQuery,
  ): Promise<Page<MemberView>> {
    return this.members.list(store, id, query);
  }

  @Post(':id/members')
  @HttpCode(200)
  @Requires('write')
  @ApiOperation({
    operationId: 'addAudienceMembers',
    summary: 'List customers in an audience',
    description:
      'At most 1,000 at a time, those that are not known yet included; for more there is the job `audiences.import`.',
  })
  @ApiAnswer(ListedView, { description: 'What it came to.', idempotent: true })
  @ApiErrors('body', 'idempotent')
  add(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('audience') id: string,
    @Body() { members }: MembersBody,
  ): Promise<ListedView> {
    return this.members.add(context, store, id, members);
  }

  @Delete(':id/members/:customerId')
  @HttpCode(204)
  @Requires('write')
  @ApiOperation({
    operationId: 'removeAudienceMember',
    summary: 'Take a customer off the list of an audience',
    description: 'One that fits the rules is in the audience still.',
  })
  @ApiNoContent('The customer is not listed any more.')
  @ApiErrors()
  async remove(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('audience') id: string,
    @IdParam('customer', 'customerId') customerId: string,
  ): Promise<void> {
    await this.members.remove(context, store, id, customerId);
  }
}
