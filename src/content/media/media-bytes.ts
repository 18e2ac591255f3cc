import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { NotFound } from '../../platform/errors/index.js';
import { type ByteRange, ObjectStorage, unlessGone } from '../../platform/storage/index.js';
import { objectName } from './media-objects.js';
import type { ThumbnailSize } from './media-types.js';
import type { Sendable, SentFile } from './sent-file.js';

/** The bytes behind rows. What has gone since its row was looked at is not there. */
@Injectable()
export class MediaBytes {
  constructor(private readonly storage: ObjectStorage) {}

  /** @throws NotFound */
  async thumbnailOf({ objectId, name, sha256 }: Sendable, size: ThumbnailSize): Promise<SentFile> {
    const object = objectName(objectId, size);
    const bytes = await this.storage.size(object);
    if (bytes === undefined) throw new NotFound('its bytes are gone');
    return { object, type: 'image/webp', name, bytes, etag: `"${sha256}-${size}"` };
  }

  /** @throws NotFound */
  open(object: string, range: ByteRange | undefined): Promise<Readable> {
    return unlessGone(this.storage.read(object, range));
  }
}
