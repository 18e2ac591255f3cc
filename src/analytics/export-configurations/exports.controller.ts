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
import {
  ExportConfigurationBody,
  ExportConfigurationListQuery,
  ExportConfigurationPatch,
} from './dto/export-body.js';
import { ExportConfigurationView } from './dto/export-view.js';
import { ExportsService } from './exports.service.js';

@ApiGroup('Export configurations', 'Analytics: events and metrics that are exported by a schedule.')
@StoreController('analytics/export-configurations')
@Resource('analytics.export-configs', { label: 'Export Configurations', highest: 'write' })
export class ExportsController {
  constructor(private readonly exports: ExportsService) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listExportConfigurations', summary: 'List export configurations' })
  @ApiPage(ExportConfigurationView, 'A page of the export configurations that fit the filters.')
  @ApiErrors()
  list(
    @Store() store: StoreScope,
    @Query() query: ExportConfigurationListQuery,
  ): Promise<Page<ExportConfigurationView>> {
    return this.exports.list(store, query);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getExportConfiguration', summary: 'Get an export configuration' })
  @ApiAnswer(ExportConfigurationView, { description: 'The export configuration.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('exportConfiguration') id: string,
  ): Promise<ExportConfigurationView> {
    return withEtag(context, await this.exports.get(store, id));
  }

  @Post()
  @Requires('write')
  @ApiOperation({
    operationId: 'createExportConfiguration',
    summary: 'Create an export configuration',
    description:
      'What may be done with a bucket is seen when it is run: its key needs to put objects, and no more.',
  })
  @ApiAnswer(ExportConfigurationView, {
    status: 201,
    description: 'The new export configuration.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async create(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() body: ExportConfigurationBody,
  ): Promise<ExportConfigurationView> {
    const configuration = await this.exports.create(context, store, body);
    setLocation(context, configuration.id);
    return withEtag(context, configuration);
  }

  @Put(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'replaceExportConfiguration', summary: 'Replace an export configuration' })
  @ApiIfMatch()
  @ApiAnswer(ExportConfigurationView, { description: 'The export configuration as it is now.', etag: true })
  @ApiErrors('body', 'conditional')
  async replace(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('exportConfiguration') id: string,
    @Body() body: ExportConfigurationBody,
  ): Promise<ExportConfigurationView> {
    return withEtag(context, await this.exports.change(context, store, id, body));
  }

  @Patch(':id')
  @Requires('write')
  @ApiOperation({
    operationId: 'updateExportConfiguration',
    summary: 'Change some fields of an export configuration',
    description: 'Events that were exported are not exported again, whatever is changed.',
  })
  @ApiIfMatch()
  @ApiAnswer(ExportConfigurationView, { description: 'The export configuration as it is now.', etag: true })
  @ApiErrors('body', 'conditional')
  async update(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('exportConfiguration') id: string,
    @Body() patch: ExportConfigurationPatch,
  ): Promise<ExportConfigurationView> {
    return withEtag(context, await this.exports.change(context, store, id, patch));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('write')
  @ApiOperation({
    operationId: 'deleteExportConfiguration',
    summary: 'Delete an export configuration, and what is kept here of it',
  })
  @ApiIfMatch()
  @ApiNoContent('The export configuration is gone.')
  @ApiErrors('conditional')
  async delete(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('exportConfiguration') id: string,
  ): Promise<void> {
    await this.exports.delete(context, store, id);
  }
}
