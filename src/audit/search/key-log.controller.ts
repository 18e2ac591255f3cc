import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Context, OrganizationWide, RequestContext, Requires, Resource } from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import { ApiErrors, ApiGroup, ApiPage } from '../../platform/http/openapi/index.js';
import { AUDIT_LOGS } from '../resource.js';
import { KeyRequestsQuery, TimelineQuery } from './key-log.query.js';
import type { LogPage } from './log-page.js';
import { logScopeOf } from './log-reader.js';
import { RequestSearch } from './request-search.js';
import { LoggedRequestResponse } from './request.response.js';
import { Timeline } from './timeline.js';
import { TimelineEntryResponse } from './timeline.response.js';

/** What the logs have of one key, which may be deleted. Here, because the level on the logs decides. */
@ApiGroup('Audit')
@Controller('keys')
@OrganizationWide()
@Resource(AUDIT_LOGS.name, AUDIT_LOGS)
export class KeyLogController {
  constructor(
    private readonly requests: RequestSearch,
    private readonly timeline: Timeline,
  ) {}

  @Get(':id/requests')
  @Requires('read')
  @ApiOperation({ operationId: 'listKeyRequests', summary: 'List the requests of a key, a deleted one too' })
  @ApiPage(LoggedRequestResponse, 'A page of requests.')
  @ApiErrors()
  listRequests(
    @IdParam('key') id: string,
    @Query() query: KeyRequestsQuery,
    @Context() context: RequestContext,
  ): Promise<LogPage<LoggedRequestResponse>> {
    return this.requests.pageOfKey(id, query, logScopeOf(context.authenticated, query.organizationId));
  }

  @Get(':id/timeline')
  @Requires('read')
  @ApiOperation({
    operationId: 'listKeyTimeline',
    summary: 'List what a key did and what was done to it, in the order of time',
  })
  @ApiPage(TimelineEntryResponse, 'A page of requests and changes.')
  @ApiErrors()
  listTimeline(
    @IdParam('key') id: string,
    @Query() query: TimelineQuery,
    @Context() context: RequestContext,
  ): Promise<LogPage<TimelineEntryResponse>> {
    return this.timeline.page(id, query, logScopeOf(context.authenticated, query.organizationId));
  }
}
