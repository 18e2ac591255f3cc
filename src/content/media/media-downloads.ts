import { Injectable, StreamableFile } from '@nestjs/common';
import { Standing, whileStanding } from '../../audit/index.js';
import { AppError } from '../../platform/errors/index.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import { MediaBytes } from './media-bytes.js';
import { MediaRecords } from './media-records.js';
import { kindOf, type ThumbnailSize } from './media-types.js';
import { headOf, originalOf, type SentFile } from './sent-file.js';

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

  private async send(context: RequestContext, sent: SentFile): Promise<StreamableFile | undefined> {
    const asking = { method: context.method, headers: context.request.headers };
    const { status, headers, content, range } = headOf(asking, sent, {
      shown: ['image'],
      cacheControl: 'private, no-cache',
    });
    for (const [name, value] of Object.entries(headers)) context.setHeader(name, value);
    if (status !== 200) context.response.status(status);
    if (!content) return undefined;
    if (context.method === 'HEAD') {
      context.setHeader('Content-Type', content.type);
      context.setHeader('Content-Length', String(content.length));
      context.setHeader('Content-Disposition', content.disposition);
      return undefined;
    }
    const stream = await this.bytes.open(sent.object, range);
    return new StreamableFile(whileStanding(stream, this.standing, context), content);
  }
}
