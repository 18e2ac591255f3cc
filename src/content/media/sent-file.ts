import { downloadName } from './file-name.js';
import { objectName } from './media-objects.js';
import type { Media } from './media.entity.js';
import { kindOf, type MediaKind, type MediaType } from './media-types.js';

/** What is sent: an object, and what is said of it. */
export interface SentFile {
  readonly object: string;
  readonly type: MediaType;
  readonly name: string;
  readonly bytes: number;
  /** Objects never change, so neither does what they are known by. */
  readonly etag: string;
}

/** What a row must say for its bytes to be sent. */
export type Sendable = Pick<Media, 'objectId' | 'type' | 'name' | 'bytes' | 'sha256'>;

export function originalOf({ objectId, type, name, bytes, sha256 }: Sendable): SentFile {
  return { object: objectName(objectId, 'original'), type, name, bytes, etag: `"${sha256}"` };
}

/**
 * What is said of a file beside its bytes.
 * @param shown what a browser shows; everything else it keeps as a file
 */
export function describedAs({ bytes, etag, type, name }: SentFile, shown: readonly MediaKind[]) {
  return {
    ...{ type, bytes, etag, name: downloadName(name, type) },
    way: shown.includes(kindOf(type)) ? ('inline' as const) : ('attachment' as const),
    policy: "sandbox; default-src 'none'",
  };
}
