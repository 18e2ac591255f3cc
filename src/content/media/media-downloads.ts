import { Injectable, type StreamableFile } from '@nestjs/common';
import { sendObject, Standing } from '../../audit/index.js';
import { AppError } from '../../platform/errors/index.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import { MediaBytes } from './media-bytes.js';
import { MediaRecords } from './media-records.js';
import { kindOf, type ThumbnailSize } from './media-types.js';
import { describedAs, originalOf, type SentFile } from './sent-file.js';

/** The bytes of media, as they are sent to keys. */
@Injectable()
export class MediaDownloads {
  constructor(
    private readonly media: MediaRecords,
    private readonly bytes: MediaBytes,
    private readonly standing: Standing,
  ) {}

  /** @throws NotFound, RANGE_NOT_SATISFIABLE */
  async content(context: RequestContext, store: StoreScope, id: string): Promise<StreamableFile | undefined> {
    return this.send(context, originalOf(await this.media.all.find(store, id)));
  }

  /** @throws NotFound, also for what has none */
  async thumbnail(
    context: RequestContext,
    store: StoreScope,
    id: string,
    size: ThumbnailSize,
  ): Promise<StreamableFile | undefined> {
    const row = await this.media.all.find(store, id);
    if (kindOf(row.type) !== 'image') {
      throw new AppError('NOT_FOUND', `Images have thumbnails; this is of the type ${row.type}.`, {
        details: { type: row.type },
      });
    }
    return this.send(context, await this.bytes.thumbnailOf(row, size));
  }

  private send(context: RequestContext, sent: SentFile): Promise<StreamableFile | undefined> {
    return sendObject(context, this.standing, {
      ...describedAs(sent, ['image']),
      open: (range) => this.bytes.open(sent.object, range),
    });
  }
}
