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
import { ExportRunView, exportRunView, RunListQuery } from '../runs/dto/run-view.js';
import { FormatParam } from '../runs/format-param.js';
import { RunHistory } from '../runs/run-history.js';
import { EXPORT_FORMATS } from './export-configuration.entity.js';
import { ExportsService } from './exports.service.js';

const FILES = EXPORT_FORMATS.map((format) => MEDIA_TYPES[format].split(';')[0] ?? '');

@ApiGroup('Export configurations')
@StoreController('analytics/export-configurations')
@Resource('analytics.export-configs', { label: 'Export Configurations', highest: 'write' })
export class ExportRunsController {
  constructor(
    private readonly exports: ExportsService,
    private readonly history: RunHistory,
    private readonly downloads: ArtefactDownloads,
  ) {}

  @Post(':id/run')
  @HttpCode(202)
  @Requires('write')
  @ApiOperation({
    operationId: 'runExportConfiguration',
    summary: 'Have an export made now',
    description: 'Also one that is paused. Its schedule stays as it is.',
  })
  @ApiAnswer(ExportRunView, { status: 202, description: 'The run, which waits.', idempotent: true })
  @ApiErrors('idempotent')
  run(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('exportConfiguration') id: string,
  ): Promise<ExportRunView> {
    return this.exports.run(context, store, id, exportRunView);
  }

  @Get(':id/runs')
  @Requires('read')
  @ApiOperation({
    operationId: 'listExportConfigurationRuns',
    summary: 'List when an export was made, and how that went',
  })
  @ApiPage(ExportRunView, 'A page of the runs, the newest first.')
  @ApiErrors()
  async list(
    @Store() store: StoreScope,
    @IdParam('exportConfiguration') id: string,
    @Query() query: RunListQuery,
  ): Promise<Page<ExportRunView>> {
    await this.exports.get(store, id);
    return this.history.page(store, { exportId: id }, query, exportRunView);
  }

  @Get(':id/runs/:runId')
  @Requires('read')
  @Pollable()
  @ApiOperation({
    operationId: 'getExportConfigurationRun',
    summary: 'Get one run of an export',
    description: 'The polling interval does not apply.',
  })
  @ApiAnswer(ExportRunView, { description: 'The run.' })
  @ApiErrors()
  async get(
    @Store() store: StoreScope,
    @IdParam('exportConfiguration') exportId: string,
    @IdParam('analyticsRun', 'runId') runId: string,
  ): Promise<ExportRunView> {
    return exportRunView(await this.history.find(store, { exportId }, runId));
  }

  @Get(':id/runs/:runId/artefacts/:format')
  @Requires('read')
  @Pollable()
  @ApiOperation({
    operationId: 'downloadExportConfigurationRun',
    summary: 'Download what a run of an export has made',
    description:
      'For 90 days, where it did not go to a bucket. Text in the CSV that a spreadsheet would calculate begins with an apostrophe. The polling interval ' +
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
    @IdParam('exportConfiguration') exportId: string,
    @IdParam('analyticsRun', 'runId') runId: string,
    @FormatParam(EXPORT_FORMATS) format: string,
  ): Promise<StreamableFile | undefined> {
    return this.downloads.send(context, await this.history.find(store, { exportId }, runId), format);
  }
}
