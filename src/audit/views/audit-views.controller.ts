import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { withEtag } from '../../platform/http/etag.js';
import {
  Context,
  OrganizationWide,
  RequestContext,
  Requires,
  Resource,
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
import { AUDIT_LOGS } from '../resource.js';
import { AuditViewBody, AuditViewListQuery, AuditViewPatch } from './audit-view.input.js';
import { AuditViewResponse } from './audit-view.response.js';
import { AuditViews } from './audit-views.service.js';

/** Saved searches. Whoever reads the logs may keep some: they show nothing that the reader would not see. */
@ApiGroup('Audit')
@Controller('audit/views')
@OrganizationWide()
@Resource(AUDIT_LOGS.name, AUDIT_LOGS)
export class AuditViewsController {
  constructor(private readonly views: AuditViews) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listAuditViews', summary: 'List saved views: the shared ones and your own' })
  @ApiPage(AuditViewResponse, 'A page of views.')
  @ApiErrors()
  list(
    @Query() query: AuditViewListQuery,
    @Context() context: RequestContext,
  ): Promise<Page<AuditViewResponse>> {
    return this.views.list(context.authenticated, query);
  }

  @Post()
  @Requires('read')
  @ApiOperation({ operationId: 'createAuditView', summary: 'Save a view of the request log' })
  @ApiAnswer(AuditViewResponse, {
    status: 201,
    description: 'The new view.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent')
  async create(@Body() body: AuditViewBody, @Context() context: RequestContext): Promise<AuditViewResponse> {
    const view = await this.views.create(context, body);
    setLocation(context, view.id);
    return withEtag(context, view);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getAuditView', summary: 'Get a saved view' })
  @ApiAnswer(AuditViewResponse, { description: 'The view.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @IdParam('auditView') id: string,
    @Context() context: RequestContext,
  ): Promise<AuditViewResponse> {
    return withEtag(context, await this.views.get(context.authenticated, id));
  }

  @Patch(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'updateAuditView', summary: 'Change a saved view of your own' })
  @ApiIfMatch()
  @ApiAnswer(AuditViewResponse, { description: 'The view as it is now.', etag: true })
  @ApiErrors('body', 'conditional')
  async update(
    @IdParam('auditView') id: string,
    @Body() patch: AuditViewPatch,
    @Context() context: RequestContext,
  ): Promise<AuditViewResponse> {
    return withEtag(context, await this.views.update(context, id, patch));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('read')
  @ApiOperation({ operationId: 'deleteAuditView', summary: 'Delete a saved view of your own' })
  @ApiIfMatch()
  @ApiNoContent('The view is gone.')
  @ApiErrors('conditional')
  delete(@IdParam('auditView') id: string, @Context() context: RequestContext): Promise<void> {
    return this.views.delete(context, id);
  }
}
