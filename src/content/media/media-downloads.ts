import { Injectable, type StreamableFile } from '@nestjs/common';
import { sendObject, Standing } from '../../audit/index.js';
import { AppError, NotFound } from '../../platform/errors/index.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import { ObjectStorage } from '../../platform/storage/index.js';
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

  private send(context: RequestContext, sent: Sent): Promise<StreamableFile | undefined> {
    const { object, type, bytes, etag } = sent;
    return sendObject(context, this.standing, {
      ...{ type, bytes, etag },
      open: (range) => this.storage.read(object, range),
      way: kindOf(type) === 'image' ? 'inline' : 'attachment',
      name: downloadName(sent.name, type),
      policy: "sandbox; default-src 'none'",
    });
  }
}
