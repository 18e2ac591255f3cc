import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, opendir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  assertObjectName,
  type ByteRange,
  GrowingStorage,
  type ObjectBytes,
  ObjectMissing,
  type ObjectWriter,
} from './object-storage.js';

/**
 * Objects as files of one directory, readable by this user alone. Processes on several machines must have the same
 * directory mounted.
 */
export class LocalDisk extends GrowingStorage {
  /** @param directory made when it is first written to */
  constructor(private readonly directory: string) {
    super();
  }

  async create(name: string): Promise<ObjectWriter> {
    const path = this.pathOf(name);
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const file = await open(path, 'wx', 0o600);
    // The name itself must survive a loss of power too.
    await syncDirectory(this.directory);
    return new FileWriter(file);
  }

  async put(name: string, { bytes, size }: ObjectBytes): Promise<void> {
    const writer = await this.create(name);
    try {
      let written = 0;
      for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
        written += (chunk as Uint8Array).byteLength;
        await writer.write(chunk as Uint8Array);
      }
      if (written !== size) throw new Error(`An object of ${size} bytes has come as ${written}.`);
      await writer.sync();
    } catch (error) {
      await this.remove(name);
      throw error;
    } finally {
      await writer.close();
    }
  }

  async read(name: string, range?: ByteRange): Promise<Readable> {
    const path = this.pathOf(name);
    const file = await open(path, 'r').catch((error: unknown) => {
      throw isAbsent(error) ? new ObjectMissing(name) : error;
    });
    return createReadStream(path, { fd: file, ...(range && { start: range.first, end: range.last }) });
  }

  async size(name: string): Promise<number | undefined> {
    try {
      return (await stat(this.pathOf(name))).size;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  remove(name: string): Promise<void> {
    return rm(this.pathOf(name), { force: true });
  }

  async *list(): AsyncGenerator<string> {
    const directory = await opendir(this.directory).catch((error: unknown) => {
      if (isAbsent(error)) return [];
      throw error;
    });
    for await (const entry of directory) if (entry.isFile()) yield entry.name;
  }

  private pathOf(name: string): string {
    assertObjectName(name);
    return join(this.directory, name);
  }
}

class FileWriter implements ObjectWriter {
  constructor(private readonly file: FileHandle) {}

  async write(bytes: Uint8Array): Promise<void> {
    await this.file.writeFile(bytes);
  }

  sync(): Promise<void> {
    return this.file.datasync();
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isAbsent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
