import { createHash } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { InvalidInput } from '../../platform/errors/index.js';
import { newUuid } from '../../platform/ids/index.js';
import type { MediaType } from './media-types.js';
import { HEAD_BYTES, sniffType } from './sniff-type.js';

/** A file that has come whole. */
export interface IncomingFile {
  readonly path: string;
  readonly type: MediaType;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

/**
 * Files on their way in, on this machine's disk: an image is looked at there, without being held in memory, and what
 * turns out to be none never reaches the storage.
 */
@Injectable()
export class IncomingFiles {
  readonly directory: string;

  constructor(@Inject(CONFIG) { media }: Config) {
    this.directory = join(media.directory, 'incoming');
  }

  /**
   * Reads a file to its end; of one that is of no type that is kept, no more than shows that.
   * @throws UNSUPPORTED_MEDIA, InvalidInput for one without bytes, and what the bytes throw: nothing is left of it then
   */
  async receive(bytes: Readable): Promise<IncomingFile> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const path = join(this.directory, newUuid());
    const file = await open(path, 'wx', 0o600);
    try {
      const hash = createHash('sha256');
      let size = 0;
      let head = Buffer.alloc(0);
      let type: MediaType | undefined;
      for await (const chunk of bytes as AsyncIterable<Buffer>) {
        await file.writeFile(chunk);
        hash.update(chunk);
        size += chunk.byteLength;
        if (head.byteLength < HEAD_BYTES) {
          head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.byteLength)]);
          if (head.byteLength === HEAD_BYTES) type = await sniffType(head);
        }
      }
      if (size === 0) throw new InvalidInput([{ field: 'file', reason: 'must not be empty' }]);
      return { path, type: type ?? (await sniffType(head)), bytes: size, sha256: hash.digest('hex') };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  }

  async discard({ path }: IncomingFile): Promise<void> {
    await rm(path, { force: true });
  }
}
