import { Body, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { JobView } from '../../jobs/index.js';
import { withEtag } from '../../platform/http/etag.js';
import {
  Context,
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
  ApiGroup,
  ApiIfMatch,
  ApiNoContent,
  ApiPage,
} from '../../platform/http/openapi/index.js';
import { setJobLocation } from '../generation/job-location.js';
import { CopyService } from './copy.service.js';
import { CopyInput, CopyListQuery } from './dto/copy-input.js';
import { CopyView } from './dto/copy-view.js';

@ApiGroup('Copy', 'Content: texts that were generated for a store.')
@StoreController('copy')
@Resource('content.copy', { label: 'Copy', highest: 'write' })
export class CopyController {
  constructor(private readonly copy: CopyService) {}

  @Post('generate')
  @HttpCode(202)
  @Requires('write')
  @ApiOperation({
    operationId: 'generateCopy',
    summary: 'Have texts written',
    description:
      'Orders the job `copy.generate`. Its result, at `GET /jobs/{id}?wait=30`, is what is then kept here; it is plain ' +
      'text, whoever wrote it.',
  })
  @ApiAnswer(JobView, {
    status: 202,
    description: 'The job, which is queued.',
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async generate(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() input: CopyInput,
  ): Promise<JobView> {
    const job = await this.copy.generate(context, store, input);
    setJobLocation(context, job.id);
    return job;
  }

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listCopy', summary: 'List generated texts' })
  @ApiPage(CopyView, 'A page of the orders whose texts fit the filters.')
  @ApiErrors()
  list(@Store() store: StoreScope, @Query() query: CopyListQuery): Promise<Page<CopyView>> {
    return this.copy.list(store, query);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getCopy', summary: 'Get the texts of one order' })
  @ApiAnswer(CopyView, { description: 'The texts.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('copy') id: string,
  ): Promise<CopyView> {
    return withEtag(context, await this.copy.all.get(store, id));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('write')
  @ApiOperation({ operationId: 'deleteCopy', summary: 'Delete the texts of one order' })
  @ApiIfMatch()
  @ApiNoContent('The texts are gone.')
  @ApiErrors('conditional')
  async delete(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('copy') id: string,
  ): Promise<void> {
    await this.copy.all.delete(context, store, id);
  }
}
