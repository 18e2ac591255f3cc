import { isKnown, type RequestedRange, requestedRange } from '../../platform/http/byte-range.js';
import { contentDisposition } from '../../platform/http/content-disposition.js';
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

/** How a file is sent: all but its bytes. */
export interface SentHead {
  readonly status: 200 | 206 | 304;
  /** Of the representation, whatever is sent of it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where nothing is said of the bytes: the caller has them. */
  readonly content:
    { readonly type: MediaType; readonly length: number; readonly disposition: string } | undefined;
  readonly range: RequestedRange | undefined;
}

interface Asking {
  readonly method: string;
  readonly headers: Parameters<typeof requestedRange>[0] & { readonly 'if-none-match'?: string | undefined };
}

/**
 * What a request for a file is answered, ranges and ETags included.
 * @param shown what a browser shows; everything else it keeps as a file
 * @throws RANGE_NOT_SATISFIABLE
 */
export function headOf(
  { method, headers }: Asking,
  { bytes, etag, type, name }: SentFile,
  { shown, cacheControl }: { readonly shown: readonly MediaKind[]; readonly cacheControl: string },
): SentHead {
  const common = {
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': cacheControl,
    // Nothing that a customer has uploaded runs as ours, whatever a browser takes it for.
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
  };
  if (isKnown(headers['if-none-match'], etag)) {
    return { status: 304, headers: common, content: undefined, range: undefined };
  }
  // A range of a HEAD is passed over (RFC 9110, section 14.2).
  const range = method === 'GET' ? requestedRange(headers, { bytes, etag }) : undefined;
  const way = shown.includes(kindOf(type)) ? 'inline' : 'attachment';
  return {
    status: range ? 206 : 200,
    headers: range ? { ...common, 'Content-Range': `bytes ${range.first}-${range.last}/${bytes}` } : common,
    content: {
      type,
      length: range ? range.last - range.first + 1 : bytes,
      disposition: contentDisposition(way, downloadName(name, type)),
    },
    range,
  };
}
