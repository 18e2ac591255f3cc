import { Get, HttpCode, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  Context,
  Pollable,
  type RequestContext,
  Requires,
  Resource,
  Store,
  StoreController,
  type StoreScope,
} from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import {
  ApiAnswer,
  ApiConditionalGet,
  ApiErrors,
  ApiFile,
  ApiGroup,
  ApiPage,
  ApiRange,
} from '../../platform/http/openapi/index.js';
import { ArtefactDownloads, MEDIA_TYPES } from '../runs/artefact-downloads.js';
import { ReportRunView, reportRunView, RunListQuery } from '../runs/dto/run-view.js';
import { FormatParam } from '../runs/format-param.js';
import { RunHistory } from '../runs/run-history.js';
import { REPORT_FORMATS } from './report.entity.js';
import { ReportsService } from './reports.service.js';

const FILES = REPORT_FORMATS.map((format) => MEDIA_TYPES[format].split(';')[0] ?? '');

@ApiGroup('Reports')
@StoreController('analytics/reports')
@Resource('analytics.reports', { label: 'Reports', highest: 'write' })
export class ReportRunsController {
  constructor(
    private readonly reports: ReportsService,
    private readonly history: RunHistory,
    private readonly downloads: ArtefactDownloads,
  ) {}

  @Post(':id/run')
  @HttpCode(202)
  @Requires('write')
  @ApiOperation({
    operationId: 'runReport',
    summary: 'Have a report made now',
    description:
      'Also one that is paused. It goes to whom it would go by its schedule, which stays as it is.',
  })
  @ApiAnswer(ReportRunView, { status: 202, description: 'The run, which waits.', idempotent: true })
  @ApiErrors('idempotent')
  run(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('report') id: string,
  ): Promise<ReportRunView> {
    return this.reports.run(context, store, id, reportRunView);
  }

  @Get(':id/runs')
  @Requires('read')
  @ApiOperation({ operationId: 'listReportRuns', summary: 'List when a report was made, and how that went' })
  @ApiPage(ReportRunView, 'A page of the runs, the newest first.')
  @ApiErrors()
  async list(
    @Store() store: StoreScope,
    @IdParam('report') id: string,
    @Query() query: RunListQuery,
  ): Promise<Page<ReportRunView>> {
    await this.reports.get(store, id);
    return this.history.page(store, { reportId: id }, query, reportRunView);
  }

  @Get(':id/runs/:runId')
  @Requires('read')
  @Pollable()
  @ApiOperation({
    operationId: 'getReportRun',
    summary: 'Get one run of a report',
    description: 'The polling interval does not apply.',
  })
  @ApiAnswer(ReportRunView, { description: 'The run.' })
  @ApiErrors()
  async get(
    @Store() store: StoreScope,
    @IdParam('report') reportId: string,
    @IdParam('analyticsRun', 'runId') runId: string,
  ): Promise<ReportRunView> {
    return reportRunView(await this.history.find(store, { reportId }, runId));
  }

  @Get(':id/runs/:runId/artefacts/:format')
  @Requires('read')
  @Pollable()
  @ApiOperation({
    operationId: 'downloadReport',
    summary: 'Download what a run of a report has made',
    description:
      'For 90 days. Text in the CSV that a spreadsheet would calculate begins with an apostrophe. The polling interval ' +
      'does not apply.',
  })
  @ApiRange()
  @ApiConditionalGet()
  @ApiFile(200, 'The file.', FILES)
  @ApiFile(206, 'The part of the file that was asked for.', FILES)
  @ApiErrors('ranged')
  async download(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('report') reportId: string,
    @IdParam('analyticsRun', 'runId') runId: string,
    @FormatParam(REPORT_FORMATS) format: string,
  ): Promise<StreamableFile | undefined> {
    return this.downloads.send(context, await this.history.find(store, { reportId }, runId), format);
  }
}
