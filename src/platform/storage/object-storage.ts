import type { Readable } from 'node:stream';

/** An object that is being written, from its first byte on. */
export interface ObjectWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when all that was written survives a loss of power. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Which bytes are meant: both ends are counted from 0 and included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** Files of any size, by name. Names are ours: letters, digits, dots, dashes. */
export abstract class ObjectStorage {
  /** Begins a new object. @throws where there is one of that name */
  abstract create(name: string): Promise<ObjectWriter>;

  /** Its bytes, or some of them, opened before this resolves. @throws ObjectMissing */
  abstract read(name: string, range?: ByteRange): Promise<Readable>;

  /** In bytes; undefined where there is no such object. */
  abstract size(name: string): Promise<number | undefined>;

  /** Nothing happens where there is none. What is being read can still be read to its end. */
  abstract remove(name: string): Promise<void>;

  /** The names of all objects. */
  abstract list(): Promise<string[]>;
}

/** There is no object of that name. */
export class ObjectMissing extends Error {
  constructor(readonly objectName: string) {
    super(`There is no stored object ${objectName}.`);
    this.name = 'ObjectMissing';
  }
}
