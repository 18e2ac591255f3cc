import { isKnown, type RequestedRange, requestedRange } from './byte-range.js';
import { contentDisposition } from './content-disposition.js';

/** What is said of an object beside its bytes. */
export interface DescribedObject {
  readonly type: string;
  readonly bytes: number;
  /** Objects never change, so neither does what they are known by. */
  readonly etag: string;
  /** Under which name it is kept. */
  readonly name: string;
  readonly way: 'inline' | 'attachment';
  /** What a browser lets it do. */
  readonly policy: string;
}

/** How an object is sent: all but its bytes. */
export interface ObjectHead {
  readonly status: 200 | 206 | 304;
  /** Of the representation, whatever is sent of it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where nothing is said of the bytes: the caller has them. */
  readonly content:
    { readonly type: string; readonly length: number; readonly disposition: string } | undefined;
  readonly range: RequestedRange | undefined;
}

interface Asking {
  readonly method: string;
  readonly headers: Parameters<typeof requestedRange>[0] & { readonly 'if-none-match'?: string | undefined };
}

/**
 * What a request for an object is answered, ranges and ETags included.
 * @throws RANGE_NOT_SATISFIABLE
 */
export function headOf(
  { method, headers }: Asking,
  { type, bytes, etag, name, way, policy }: DescribedObject,
  cacheControl: string,
): ObjectHead {
  const common = {
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': cacheControl,
    // Nothing that a customer has a hand in runs as ours, whatever a browser takes it for.
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
  };
  if (isKnown(headers['if-none-match'], etag)) {
    return { status: 304, headers: common, content: undefined, range: undefined };
  }
  // A range of a HEAD is passed over (RFC 9110, section 14.2).
  const range = method === 'GET' ? requestedRange(headers, { bytes, etag }) : undefined;
  return {
    status: range ? 206 : 200,
    headers: range ? { ...common, 'Content-Range': `bytes ${range.first}-${range.last}/${bytes}` } : common,
    content: {
      type,
      length: range ? range.last - range.first + 1 : bytes,
      disposition: contentDisposition(way, name),
    },
    range,
  };
}
