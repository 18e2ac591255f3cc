import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Context, OrganizationWide, RequestContext, Requires, Resource } from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import { ApiAnswer, ApiErrors, ApiGroup, ApiPage } from '../../platform/http/openapi/index.js';
import { AUDIT_LOGS } from '../resource.js';
import { ChangeSearch } from './change-search.js';
import { ChangeSearchQuery } from './change-search.query.js';
import { ChangeResponse } from './change.response.js';
import type { LogPage } from './log-page.js';
import { logScopeOf, maySee } from './log-reader.js';

/** The change log, searched. */
@ApiGroup('Audit')
@Controller('audit/changes')
@OrganizationWide()
@Resource(AUDIT_LOGS.name, AUDIT_LOGS)
export class ChangesController {
  constructor(private readonly changes: ChangeSearch) {}

  @Get()
  @Requires('read')
  @ApiOperation({
    operationId: 'searchChanges',
    summary: 'Search the change log',
    description: 'The newest first. Pages by cursor alone.',
  })
  @ApiPage(ChangeResponse, 'A page of changes.')
  @ApiErrors()
  list(
    @Query() query: ChangeSearchQuery,
    @Context() context: RequestContext,
  ): Promise<LogPage<ChangeResponse>> {
    return this.changes.page(query, logScopeOf(context.authenticated, query.organizationId));
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getChange', summary: 'Get a change, with what was before and after' })
  @ApiAnswer(ChangeResponse, { description: 'The change.' })
  @ApiErrors()
  get(@IdParam('change') id: string, @Context() context: RequestContext): Promise<ChangeResponse> {
    return this.changes.get(id, (row) => maySee(context.authenticated, row));
  }
}
