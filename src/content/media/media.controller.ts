import { Body, Delete, Get, HttpCode, Patch, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { withEtag } from '../../platform/http/etag.js';
import {
  Context,
  Multipart,
  Pollable,
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
  ApiFile,
  ApiForm,
  ApiGroup,
  ApiIfMatch,
  ApiNoContent,
  ApiPage,
  ApiRange,
} from '../../platform/http/openapi/index.js';
import { MediaPatch } from './dto/media-body.js';
import { MediaListQuery, ThumbnailQuery } from './dto/media-list-query.js';
import { MediaView } from './dto/media-view.js';
import { MediaDownloads } from './media-downloads.js';
import { MEDIA_TYPES } from './media-types.js';
import { MediaService } from './media.service.js';

@ApiGroup('Media', 'Content: the files of a store.')
@StoreController('media')
@Resource('content.media', { label: 'Media', highest: 'write' })
export class MediaController {
  constructor(
    private readonly media: MediaService,
    private readonly downloads: MediaDownloads,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listMedia', summary: 'List media' })
  @ApiPage(MediaView, 'A page of the media that fit the filters.')
  @ApiErrors()
  list(@Store() store: StoreScope, @Query() query: MediaListQuery): Promise<Page<MediaView>> {
    return this.media.list(store, query);
  }

  @Post()
  @Requires('write')
  @Multipart()
  @ApiOperation({
    operationId: 'uploadMedia',
    summary: 'Upload a file',
    description:
      `What it is, is read from its content, whatever its name says: ${MEDIA_TYPES.join(', ')}; anything else is 415. ` +
      'At most 25 MiB, unless the installation has another limit (`MEDIA_MAX_BYTES`). An image has at most 10,000 ' +
      'pixels a side and 50 million in all, is decoded to see that it is whole, and gets thumbnails.',
  })
  @ApiForm(MediaPatch, { file: 'The file; without `name`, its name is taken.' })
  @ApiAnswer(MediaView, {
    status: 201,
    description: 'The new file.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent')
  async upload(@Context() context: RequestContext, @Store() store: StoreScope): Promise<MediaView> {
    const media = await this.media.upload(context, store);
    setLocation(context, media.id);
    return withEtag(context, media);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getMedia', summary: 'Get what is known of a file' })
  @ApiAnswer(MediaView, { description: 'The file, without its bytes.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('media') id: string,
  ): Promise<MediaView> {
    return withEtag(context, await this.media.get(store, id));
  }

  @Patch(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'updateMedia', summary: 'Rename a file, or describe it anew' })
  @ApiIfMatch()
  @ApiAnswer(MediaView, { description: 'The file as it is now.', etag: true })
  @ApiErrors('body', 'conditional')
  async update(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('media') id: string,
    @Body() patch: MediaPatch,
  ): Promise<MediaView> {
    return withEtag(context, await this.media.update(context, store, id, patch));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('write')
  @ApiOperation({
    operationId: 'deleteMedia',
    summary: 'Delete a file',
    description:
      '409 while a post or a landing page uses it, also an older version of one; `details.usedBy` names up to ten.',
  })
  @ApiIfMatch()
  @ApiNoContent('The file is gone.')
  @ApiErrors('conditional', 'conflict')
  async delete(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('media') id: string,
  ): Promise<void> {
    await this.media.delete(context, store, id);
  }

  @Get(':id/content')
  @Requires('read')
  @Pollable()
  @ApiOperation({
    operationId: 'downloadMedia',
    summary: 'Download a file',
    description: 'Sent as it is read, and as it was uploaded. The polling interval does not apply.',
  })
  @ApiRange()
  @ApiConditionalGet()
  @ApiFile(200, 'The file.', MEDIA_TYPES)
  @ApiFile(206, 'The part of the file that was asked for.', MEDIA_TYPES)
  @ApiErrors('ranged')
  content(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('media') id: string,
  ): Promise<StreamableFile | undefined> {
    return this.downloads.content(context, store, id);
  }

  @Get(':id/thumbnail')
  @Requires('read')
  @Pollable()
  @ApiOperation({
    operationId: 'getMediaThumbnail',
    summary: 'Get a thumbnail of an image',
    description:
      'Of one that moves, its first frame. 404 for what is no image. The polling interval does not apply.',
  })
  @ApiRange()
  @ApiConditionalGet()
  @ApiFile(200, 'The thumbnail.', ['image/webp'])
  @ApiFile(206, 'The part of the thumbnail that was asked for.', ['image/webp'])
  @ApiErrors('ranged')
  thumbnail(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('media') id: string,
    @Query() { size }: ThumbnailQuery,
  ): Promise<StreamableFile | undefined> {
    return this.downloads.thumbnail(context, store, id, size);
  }
}
