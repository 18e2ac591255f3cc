import { AppError } from '../errors/index.js';

/** Bytes of a representation: both ends are counted from 0 and included. */
export interface RequestedRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The one range that a request asks for (RFC 9110, section 14.2), or undefined where all of it is to be sent: no
 * Range, one of another unit or of several ranges, which a server may ignore, or an If-Range of another version.
 * @throws AppError RANGE_NOT_SATISFIABLE where it begins past the end
 */
export function requestedRange(
  headers: { readonly range?: string | undefined; readonly 'if-range'?: string | string[] | undefined },
  { bytes, etag }: { readonly bytes: number; readonly etag: string },
): RequestedRange | undefined {
  const ifRange = headers['if-range'];
  // The comparison is the strong one; a date never is the version of what has an entity tag.
  if (ifRange !== undefined && ifRange !== etag) return undefined;
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(headers.range?.trim() ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const first = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (first > last) {
    throw new AppError('RANGE_NOT_SATISFIABLE', `It has ${bytes} bytes: there are none in this range.`, {
      headers: { 'Content-Range': `bytes */${bytes}` },
    });
  }
  return { first, last };
}

/** Whether the caller has this version (RFC 9110, section 13.1.2; the weak comparison). */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return (
    ifNoneMatch.trim() === '*' ||
    ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
  );
}
