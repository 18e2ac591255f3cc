import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type ByteRange, ObjectMissing, ObjectStorage, type ObjectWriter } from './object-storage.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9.-]{0,199}$/;

/**
 * Objects as files of one directory, readable by this user alone. Processes on several machines must have the same
 * directory mounted.
 */
export class LocalDisk extends ObjectStorage {
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

  async list(): Promise<string[]> {
    try {
      const entries = await readdir(this.directory, { withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  }

  private pathOf(name: string): string {
    if (!NAME.test(name)) throw new Error('A stored object’s name is of letters, digits, dots and dashes.');
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
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
