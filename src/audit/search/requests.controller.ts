import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Context, OrganizationWide, RequestContext, Requires, Resource } from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import { ApiAnswer, ApiErrors, ApiGroup, ApiPage } from '../../platform/http/openapi/index.js';
import { AUDIT_LOGS } from '../resource.js';
import { Histogram } from './histogram.js';
import { HistogramResponse } from './histogram.response.js';
import type { LogPage } from './log-page.js';
import { logScopeOf, maySee } from './log-reader.js';
import { RequestFilter } from './request-filter.js';
import { RequestSearch } from './request-search.js';
import { RequestSearchQuery } from './request-search.query.js';
import { LoggedRequestDetailResponse, LoggedRequestResponse } from './request.response.js';

/** The request log, searched. Reading it is a request, too, and has its row. */
@ApiGroup('Audit', 'The logs: who asked for what, who changed what.')
@Controller('audit/requests')
@OrganizationWide()
@Resource(AUDIT_LOGS.name, AUDIT_LOGS)
export class RequestsController {
  constructor(
    private readonly requests: RequestSearch,
    private readonly histogram: Histogram,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({
    operationId: 'searchRequests',
    summary: 'Search the request log',
    description:
      'The newest first. Pages by cursor alone: a page costs the same wherever it lies. A search that reads for more than five seconds is refused with `SEARCH_TOO_WIDE`.',
  })
  @ApiPage(LoggedRequestResponse, 'A page of requests.')
  @ApiErrors()
  list(
    @Query() query: RequestSearchQuery,
    @Context() context: RequestContext,
  ): Promise<LogPage<LoggedRequestResponse>> {
    return this.requests.page(query, logScopeOf(context.authenticated, query.organizationId));
  }

  // before the one that takes an id
  @Get('histogram')
  @Requires('read')
  @ApiOperation({
    operationId: 'countRequests',
    summary: 'Count requests over time, by the class of their status',
    description:
      'The last 24 hours, where no time is given. The length of a bucket, from a minute to a week, comes from the range. Reads all that fits: narrow it where it is refused with `SEARCH_TOO_WIDE`.',
  })
  @ApiAnswer(HistogramResponse, { description: 'The counts.' })
  @ApiErrors()
  count(@Query() filter: RequestFilter, @Context() context: RequestContext): Promise<HistogramResponse> {
    return this.histogram.of(filter, logScopeOf(context.authenticated, filter.organizationId));
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({
    operationId: 'getRequest',
    summary: 'Get a request: its row, the rows that close it, and what it changed',
  })
  @ApiAnswer(LoggedRequestDetailResponse, { description: 'The request.' })
  @ApiErrors()
  get(
    @IdParam('request') id: string,
    @Context() context: RequestContext,
  ): Promise<LoggedRequestDetailResponse> {
    return this.requests.get(id, (row) => maySee(context.authenticated, row));
  }
}
