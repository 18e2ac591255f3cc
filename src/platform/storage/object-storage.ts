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

/** What an object is made of. */
export interface ObjectBytes {
  readonly bytes: Readable | Uint8Array;
  /** How many there are. */
  readonly size: number;
}

/** Files of any size, by name. Names are ours: letters, digits, dots, dashes. */
export abstract class ObjectStorage {
  /**
   * Keeps a new object; resolves when it survives a loss of power. A name is used once.
   * @throws what the bytes throw, or an error where there are more or fewer of them; then there is no such object
   */
  abstract put(name: string, object: ObjectBytes): Promise<void>;

  /** Its bytes, or some of them, opened before this resolves. @throws ObjectMissing */
  abstract read(name: string, range?: ByteRange): Promise<Readable>;

  /** In bytes; undefined where there is no such object. */
  abstract size(name: string): Promise<number | undefined>;

  /** Nothing happens where there is none. What is being read can still be read to its end. */
  abstract remove(name: string): Promise<void>;

  /** The names of all objects. */
  abstract list(): AsyncIterable<string>;
}

/** One whose objects can also be written bit by bit, and read meanwhile. */
export abstract class GrowingStorage extends ObjectStorage {
  /** Begins a new object. @throws where there is one of that name */
  abstract create(name: string): Promise<ObjectWriter>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9.-]{0,199}$/;

/** @throws Error for what is no name of an object */
export function assertObjectName(name: string): void {
  if (!NAME.test(name)) throw new Error('A stored object’s name is of letters, digits, dots and dashes.');
}

/** There is no object of that name. */
export class ObjectMissing extends Error {
  constructor(readonly objectName: string) {
    super(`There is no stored object ${objectName}.`);
    this.name = 'ObjectMissing';
  }
}
