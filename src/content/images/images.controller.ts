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
import { ImagesService } from './images.service.js';
import { ImageSetListQuery, ImagesInput } from './dto/images-input.js';
import { ImageSetView } from './dto/image-set-view.js';

@ApiGroup('Images', 'Content: images that were generated for a store.')
@StoreController('images')
@Resource('content.images', { label: 'Images', highest: 'write' })
export class ImagesController {
  constructor(private readonly images: ImagesService) {}

  @Post('generate')
  @HttpCode(202)
  @Requires('write')
  @ApiOperation({
    operationId: 'generateImages',
    summary: 'Have images drawn',
    description:
      'Orders the job `images.generate`. Its result, at `GET /jobs/{id}?wait=30`, names the media that they have become.',
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
    @Body() input: ImagesInput,
  ): Promise<JobView> {
    const job = await this.images.generate(context, store, input);
    setJobLocation(context, job.id);
    return job;
  }

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listImageSets', summary: 'List generated images' })
  @ApiPage(ImageSetView, 'A page of the orders whose images fit the filters.')
  @ApiErrors()
  list(@Store() store: StoreScope, @Query() query: ImageSetListQuery): Promise<Page<ImageSetView>> {
    return this.images.list(store, query);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getImageSet', summary: 'Get what is known of the images of one order' })
  @ApiAnswer(ImageSetView, { description: 'The images, without their bytes.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('imageSet') id: string,
  ): Promise<ImageSetView> {
    return withEtag(context, await this.images.all.get(store, id));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('write')
  @ApiOperation({ operationId: 'deleteImageSet', summary: 'Forget an order of images' })
  @ApiIfMatch()
  @ApiNoContent('It is gone; its images are still media.')
  @ApiErrors('conditional')
  async delete(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('imageSet') id: string,
  ): Promise<void> {
    await this.images.all.delete(context, store, id);
  }
}
