import { createReadStream } from 'node:fs';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../../platform/database/index.js';
import { defineJob, Jobs, type JobTask } from '../../platform/jobs/index.js';
import { ObjectStorage } from '../../platform/storage/index.js';
import type { IncomingFile } from './incoming-files.js';
import { type ImageFacts, ImageReader } from './image-reader.js';
import { kindOf, THUMBNAIL_SIZES, type ThumbnailSize } from './media-types.js';

/** Objects of one file: what was uploaded, and its thumbnails. */
export type Part = 'original' | ThumbnailSize;

/** Objects whose rows are gone, in one job. */
const MOST_IN_A_JOB = 500;

interface Gone {
  readonly objectIds: readonly string[];
}

export function objectName(objectId: string, part: Part): string {
  return `${objectId}.${part}`;
}

/** What a row says of the bytes behind it. */
export type KeptFile = Pick<IncomingFile, 'type' | 'bytes' | 'sha256'> & {
  readonly [fact in keyof ImageFacts]: number | null;
};

/** The bytes of files: kept before there is a row that says so, and removed after there is none any more. */
@Injectable()
export class MediaObjects implements OnModuleInit {
  private readonly removal: JobTask<Gone>;

  constructor(
    private readonly storage: ObjectStorage,
    private readonly images: ImageReader,
    private readonly jobs: Jobs,
  ) {
    this.removal = defineJob<Gone>({
      name: 'media.remove-bytes',
      run: async ({ objectIds }, { signal }) => {
        for (const objectId of objectIds) {
          signal.throwIfAborted();
          await this.remove(objectId);
        }
      },
    });
  }

  onModuleInit(): void {
    this.jobs.register(this.removal);
  }

  /**
   * Looks at a file, and keeps it: when this resolves, it survives a loss of power.
   * @throws InvalidInput, MEDIA_BUSY, what the storage throws; what was kept by then is for `remove`
   */
  async keep(objectId: string, { path, type, bytes, sha256 }: IncomingFile): Promise<KeptFile> {
    const image = kindOf(type) === 'image' ? await this.images.read(path, type) : undefined;
    await this.storage.put(objectName(objectId, 'original'), { bytes: createReadStream(path), size: bytes });
    for (const [size, thumbnail] of image?.thumbnails ?? []) {
      await this.storage.put(objectName(objectId, size), { bytes: thumbnail, size: thumbnail.byteLength });
    }
    return { type, bytes, sha256, ...(image?.facts ?? { width: null, height: null, frames: null }) };
  }

  async remove(objectId: string): Promise<void> {
    for (const part of ['original', ...THUMBNAIL_SIZES] as const) {
      await this.storage.remove(objectName(objectId, part));
    }
  }

  /** Has the objects of rows removed that this transaction deletes, once it has done so. */
  async removeAfter(tx: Transaction, objectIds: readonly string[]): Promise<void> {
    for (let at = 0; at < objectIds.length; at += MOST_IN_A_JOB) {
      await this.jobs.enqueue(tx, this.removal, { objectIds: objectIds.slice(at, at + MOST_IN_A_JOB) });
    }
  }
}
