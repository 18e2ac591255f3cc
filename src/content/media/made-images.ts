import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import type { Transaction } from '../../platform/database/index.js';
import { AppError } from '../../platform/errors/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { cleanName } from './file-name.js';
import { IncomingFiles } from './incoming-files.js';
import { type KeptFile, MediaObjects } from './media-objects.js';
import { MediaRecords } from './media-records.js';
import { kindOf } from './media-types.js';

/** An image whose bytes are kept, and which no row names yet. */
export type KeptImage = KeptFile & { readonly objectId: string };

/** Images that no request has brought: they are looked at as those of strangers are. */
@Injectable()
export class MadeImages {
  constructor(
    private readonly incoming: IncomingFiles,
    private readonly objects: MediaObjects,
    private readonly media: MediaRecords,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Looks at an image, and keeps its bytes.
   * @returns undefined for what an upload would be refused for, or is no image
   * @throws MEDIA_BUSY, what the storage throws
   */
  async keep(bytes: Buffer): Promise<KeptImage | undefined> {
    if (bytes.byteLength > this.config.media.maxBytes) return undefined;
    const objectId = newUuid();
    try {
      const file = await this.incoming.receive(Readable.from([bytes]));
      try {
        if (kindOf(file.type) !== 'image') return undefined;
        return { ...(await this.objects.keep(objectId, file)), objectId };
      } finally {
        await this.incoming.discard(file);
      }
    } catch (error) {
      if (error instanceof AppError && error.status < 500) return undefined;
      throw error;
    }
  }

  /** Makes media of them. @returns their ids, UUIDs */
  async insert(
    tx: Transaction,
    store: StoreScope,
    images: readonly KeptImage[],
    { name, alt }: { readonly name: string; readonly alt: string },
  ): Promise<string[]> {
    const rows = await this.media.all.insertMany(
      tx,
      store,
      images.map((image) => ({ ...image, name: cleanName(name, image.type), alt, status: 'READY' as const })),
    );
    return rows.map(({ id }) => id);
  }

  /** Removes the bytes of those that will not be named. */
  async discard(images: readonly KeptImage[]): Promise<void> {
    for (const { objectId } of images) await this.objects.remove(objectId);
  }
}
