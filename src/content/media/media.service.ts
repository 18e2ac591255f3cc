import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { readMultipart, type RequestContext, type StoreScope } from '../../platform/http/index.js';
import { readInput } from '../../platform/http/input/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { MediaPatch } from './dto/media-body.js';
import type { MediaListQuery } from './dto/media-list-query.js';
import type { MediaView } from './dto/media-view.js';
import { cleanName } from './file-name.js';
import { type IncomingFile, IncomingFiles } from './incoming-files.js';
import { fitting } from './media-filter.js';
import { type KeptFile, MediaObjects } from './media-objects.js';
import { MediaRecords } from './media-records.js';
import { MediaUses } from './media-uses.js';

/** The media of one store at a time. */
@Injectable()
export class MediaService {
  constructor(
    private readonly media: MediaRecords,
    private readonly incoming: IncomingFiles,
    private readonly objects: MediaObjects,
    private readonly uses: MediaUses,
    private readonly transactions: BusinessTransactions,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws InvalidInput for a cursor that is not this list's */
  list(store: StoreScope, query: MediaListQuery): Promise<Page<MediaView>> {
    return this.media.all.page(store, query, fitting);
  }

  /** @throws NotFound */
  get(store: StoreScope, id: string): Promise<MediaView> {
    return this.media.all.get(store, id);
  }

  /**
   * Receives a file, looks at it, keeps it, and then makes its row.
   * @throws what readMultipart throws; UNSUPPORTED_MEDIA, InvalidInput, MEDIA_BUSY; what BusinessTransactions throws for
   *   its Idempotency-Key
   */
  async upload(context: RequestContext, store: StoreScope): Promise<MediaView> {
    const { texts, fileName, file } = await readMultipart(context.request, context.response, {
      file: 'file',
      texts: ['name', 'alt'],
      limit: this.config.media.maxBytes,
      receive: (bytes) => this.incoming.receive(bytes),
      discard: (received) => this.incoming.discard(received),
    });
    try {
      const { name, alt = '' } = readInput(MediaPatch, texts, 'body');
      const about = { name: name ?? cleanName(fileName, file.type), alt };
      // Stands for the body where an Idempotency-Key asks whether it is the same.
      context.request.body = { ...about, bytes: file.bytes, sha256: file.sha256 };
      return await this.create(context, store, about, file);
    } finally {
      await this.incoming.discard(file);
    }
  }

  /** Changes the given fields. @throws NotFound, PreconditionFailed */
  update(context: RequestContext, store: StoreScope, id: string, patch: MediaPatch): Promise<MediaView> {
    return this.media.all.change(context, store, id, patch);
  }

  /** The bytes go after the row. @throws NotFound, PreconditionFailed, Conflict where something uses it */
  delete(context: RequestContext, store: StoreScope, id: string): Promise<void> {
    return this.media.all.delete(context, store, id, async (tx, { objectId }) => {
      await this.uses.assertUnused(tx, id);
      await this.objects.removeAfter(tx, [objectId]);
    });
  }

  private async create(
    context: RequestContext,
    store: StoreScope,
    about: { readonly name: string; readonly alt: string },
    file: IncomingFile,
  ): Promise<MediaView> {
    const objectId = newUuid();
    let kept: Promise<KeptFile> | undefined;
    let named = false;
    const keep = () => (kept ??= this.objects.keep(objectId, file));
    try {
      // Outside the transaction, which is not to last as long as a picture takes; a replay needs nothing of it.
      if (!(await this.transactions.isReplay(context))) await keep();
      return await this.media.all.create(context, store, async () => {
        const content = { ...about, ...(await keep()), objectId, status: 'READY' as const };
        named = true;
        return content;
      });
    } finally {
      // A row that may name them, as far as is known here, keeps them: a stray is for the sweep.
      if (kept && !named) await this.objects.remove(objectId);
    }
  }
}
