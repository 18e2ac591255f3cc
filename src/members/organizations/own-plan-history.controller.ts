import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Context, OrganizationWide, RequestContext, Requires, Resource } from '../../platform/http/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import { ApiErrors, ApiGroup, ApiPage } from '../../platform/http/openapi/index.js';
import { PlanHistoryQuery } from './organization.input.js';
import { PlanHistory } from './plan-history.js';
import { PlanHistoryEntryResponse } from './plan-history.response.js';

/** How the principal's own organization came to its plan. Here, because members stand above organizations. */
@ApiGroup('Organizations')
@Controller('organization')
@OrganizationWide()
@Resource('settings.organization', { label: 'Organization', highest: 'admin' })
export class OwnPlanHistoryController {
  constructor(private readonly history: PlanHistory) {}

  @Get('plan-history')
  @Requires('read')
  @ApiOperation({
    operationId: 'listOwnPlanHistory',
    summary: 'List the changes of your organization’s plan and limits',
  })
  @ApiPage(PlanHistoryEntryResponse, 'A page of changes, the newest first.')
  @ApiErrors()
  list(
    @Query() query: PlanHistoryQuery,
    @Context() context: RequestContext,
  ): Promise<Page<PlanHistoryEntryResponse>> {
    const { organizationId } = context.authenticated;
    return this.history.page(organizationId, query, { isOperator: false });
  }
}
