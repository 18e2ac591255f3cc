import type { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { NotFound } from '../../platform/errors/index.js';
import { isKnown, requestedRange } from '../../platform/http/byte-range.js';
import { contentDisposition } from '../../platform/http/content-disposition.js';
import type { RequestContext } from '../../platform/http/index.js';
import { type ByteRange, ObjectMissing } from '../../platform/storage/index.js';
import type { Standing } from '../tail/standing.js';
import { whileStanding } from './while-standing.js';

/** What is sent: an object, and what is said of it. */
export interface SentObject {
  readonly open: (range: ByteRange | undefined) => Promise<Readable>;
  readonly type: string;
  readonly way: 'inline' | 'attachment';
  /** Under which name it is kept. */
  readonly name: string;
  readonly bytes: number;
  /** Objects never change, so neither does what they are known by. */
  readonly etag: string;
  /** What a browser lets it do. */
  readonly policy: string;
}

/**
 * Sends an object of the storage, or the part of it that was asked for, as long as its request would be let in.
 * @throws NotFound, RANGE_NOT_SATISFIABLE
 */
export async function sendObject(
  context: RequestContext,
  standing: Standing,
  { open, type, way, name, bytes, etag, policy }: SentObject,
): Promise<StreamableFile | undefined> {
  const { headers } = context.request;
  context.setHeader('ETag', etag);
  context.setHeader('Accept-Ranges', 'bytes');
  context.setHeader('Cache-Control', 'private, no-cache');
  // Nothing that a customer has a hand in runs as ours, whatever a browser takes it for.
  context.setHeader('Content-Security-Policy', policy);
  if (isKnown(headers['if-none-match'], etag)) {
    context.response.status(304);
    return undefined;
  }
  // A range of a HEAD is passed over (RFC 9110, section 14.2).
  const range = context.method === 'GET' ? requestedRange(headers, { bytes, etag }) : undefined;
  if (range) {
    context.response.status(206);
    context.setHeader('Content-Range', `bytes ${range.first}-${range.last}/${bytes}`);
  }
  const length = range ? range.last - range.first + 1 : bytes;
  const disposition = contentDisposition(way, name);
  if (context.method === 'HEAD') {
    context.setHeader('Content-Type', type);
    context.setHeader('Content-Length', String(length));
    context.setHeader('Content-Disposition', disposition);
    return undefined;
  }
  const stream = await open(range).catch((error: unknown) => {
    // It was removed since it was looked for.
    throw error instanceof ObjectMissing ? new NotFound('its bytes are gone') : error;
  });
  return new StreamableFile(whileStanding(stream, standing, context), { type, length, disposition });
}
