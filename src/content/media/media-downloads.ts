import { Injectable, StreamableFile } from '@nestjs/common';
import { Standing, whileStanding } from '../../audit/index.js';
import { AppError, NotFound } from '../../platform/errors/index.js';
import { isKnown, requestedRange } from '../../platform/http/byte-range.js';
import { contentDisposition } from '../../platform/http/content-disposition.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import { type ByteRange, ObjectMissing, ObjectStorage } from '../../platform/storage/index.js';
import { downloadName } from './file-name.js';
import { objectName } from './media-objects.js';
import { MediaRecords } from './media-records.js';
import { kindOf, type MediaType, type ThumbnailSize } from './media-types.js';

/** What is sent: an object, and what is said of it. */
interface Sent {
  readonly object: string;
  readonly type: MediaType;
  readonly name: string;
  readonly bytes: number;
  /** Objects never change, so neither does what they are known by. */
  readonly etag: string;
}

/** The bytes of media, as they are sent. */
@Injectable()
export class MediaDownloads {
  constructor(
    private readonly media: MediaRecords,
    private readonly storage: ObjectStorage,
    private readonly standing: Standing,
  ) {}

  /** @throws NotFound, RANGE_NOT_SATISFIABLE */
  async content(context: RequestContext, store: StoreScope, id: string): Promise<StreamableFile | undefined> {
    const { objectId, type, name, bytes, sha256 } = await this.media.all.find(store, id);
    const object = objectName(objectId, 'original');
    return this.send(context, { object, type, name, bytes, etag: `"${sha256}"` });
  }

  /** @throws NotFound, also for what has none */
  async thumbnail(
    context: RequestContext,
    store: StoreScope,
    id: string,
    size: ThumbnailSize,
  ): Promise<StreamableFile | undefined> {
    const { objectId, type, name, sha256 } = await this.media.all.find(store, id);
    if (kindOf(type) !== 'image') {
      throw new AppError('NOT_FOUND', `Images have thumbnails; this is of the type ${type}.`, {
        details: { type },
      });
    }
    const object = objectName(objectId, size);
    const bytes = await this.storage.size(object);
    if (bytes === undefined) throw new NotFound('its bytes are gone');
    return this.send(context, { object, type: 'image/webp', name, bytes, etag: `"${sha256}-${size}"` });
  }

  private async send(context: RequestContext, sent: Sent): Promise<StreamableFile | undefined> {
    const { headers } = context.request;
    const { bytes, etag, type } = sent;
    context.setHeader('ETag', etag);
    context.setHeader('Accept-Ranges', 'bytes');
    context.setHeader('Cache-Control', 'private, no-cache');
    // Nothing that a customer has uploaded runs as ours, whatever a browser takes it for.
    context.setHeader('Content-Security-Policy', "sandbox; default-src 'none'");
    if (isKnown(headers['if-none-match'], etag)) {
      context.response.status(304);
      return undefined;
    }
    // A range of a HEAD is passed over (RFC 9110, section 14.2).
    const range = context.method === 'GET' ? requestedRange(headers, { bytes, etag }) : undefined;
    if (range) {
      context.response.status(206);
      context.setHeader('Content-Range', `bytes ${range.first}-${range.last}/${bytes}`);
    }
    const length = range ? range.last - range.first + 1 : bytes;
    const way = kindOf(type) === 'image' ? 'inline' : 'attachment';
    const disposition = contentDisposition(way, downloadName(sent.name, type));
    if (context.method === 'HEAD') {
      context.setHeader('Content-Type', type);
      context.setHeader('Content-Length', String(length));
      context.setHeader('Content-Disposition', disposition);
      return undefined;
    }
    const stream = await this.open(sent.object, range);
    return new StreamableFile(whileStanding(stream, this.standing, context), { type, length, disposition });
  }

  private async open(object: string, range: ByteRange | undefined) {
    try {
      return await this.storage.read(object, range);
    } catch (error) {
      // The row was deleted since it was looked at.
      throw error instanceof ObjectMissing ? new NotFound('its bytes are gone') : error;
    }
  }
}
