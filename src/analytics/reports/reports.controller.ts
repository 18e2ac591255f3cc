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
  ApiGroup,
  ApiIfMatch,
  ApiNoContent,
  ApiPage,
} from '../../platform/http/openapi/index.js';
import { ReportBody, ReportListQuery, ReportPatch } from './dto/report-body.js';
import { ReportView, WrittenReportView } from './dto/report-view.js';
import { ReportsService } from './reports.service.js';

@ApiGroup('Reports', 'Analytics: figures that are made by a schedule, kept and sent.')
@StoreController('analytics/reports')
@Resource('analytics.reports', { label: 'Reports', highest: 'write' })
export class ReportsController {
  constructor(private readonly reports: ReportsService) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listReports', summary: 'List reports' })
  @ApiPage(ReportView, 'A page of the reports that fit the filters.')
  @ApiErrors()
  list(@Store() store: StoreScope, @Query() query: ReportListQuery): Promise<Page<ReportView>> {
    return this.reports.list(store, query);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getReport', summary: 'Get a report' })
  @ApiAnswer(ReportView, { description: 'The report.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('report') id: string,
  ): Promise<ReportView> {
    return withEtag(context, await this.reports.get(store, id));
  }

  @Post()
  @Requires('write')
  @ApiOperation({
    operationId: 'createReport',
    summary: 'Create a report',
    description: 'With a `delivery.webhookUrl` the answer has the secret that its messages are signed with.',
  })
  @ApiAnswer(WrittenReportView, {
    status: 201,
    description: 'The new report.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async create(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() body: ReportBody,
  ): Promise<WrittenReportView> {
    const report = await this.reports.create(context, store, body);
    setLocation(context, report.id);
    return withEtag(context, report, ['secret']);
  }

  @Put(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'replaceReport', summary: 'Replace a report' })
  @ApiIfMatch()
  @ApiAnswer(WrittenReportView, { description: 'The report as it is now.', etag: true })
  @ApiErrors('body', 'conditional')
  async replace(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('report') id: string,
    @Body() body: ReportBody,
  ): Promise<WrittenReportView> {
    return withEtag(context, await this.reports.change(context, store, id, body), ['secret']);
  }

  @Patch(':id')
  @Requires('write')
  @ApiOperation({
    operationId: 'updateReport',
    summary: 'Change some fields of a report',
    description: 'Without its `delivery.webhookUrl`, its secret is gone; with another one, it stays.',
  })
  @ApiIfMatch()
  @ApiAnswer(WrittenReportView, { description: 'The report as it is now.', etag: true })
  @ApiErrors('body', 'conditional')
  async update(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('report') id: string,
    @Body() patch: ReportPatch,
  ): Promise<WrittenReportView> {
    return withEtag(context, await this.reports.change(context, store, id, patch), ['secret']);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('write')
  @ApiOperation({ operationId: 'deleteReport', summary: 'Delete a report, and what was made of it' })
  @ApiIfMatch()
  @ApiNoContent('The report is gone.')
  @ApiErrors('conditional')
  async delete(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('report') id: string,
  ): Promise<void> {
    await this.reports.delete(context, store, id);
  }
}
