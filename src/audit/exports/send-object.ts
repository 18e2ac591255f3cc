import type { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { RequestContext } from '../../platform/http/index.js';
import { type DescribedObject, headOf } from '../../platform/http/object-head.js';
import { type ByteRange, unlessGone } from '../../platform/storage/index.js';
import type { Standing } from '../tail/standing.js';
import { whileStanding } from './while-standing.js';

/** What is sent: an object, and what is said of it. */
export interface SentObject extends DescribedObject {
  readonly open: (range: ByteRange | undefined) => Promise<Readable>;
}

/**
 * Sends an object of the storage, or the part of it that was asked for, as long as its request would be let in.
 * @throws NotFound, RANGE_NOT_SATISFIABLE
 */
export async function sendObject(
  context: RequestContext,
  standing: Standing,
  { open, ...described }: SentObject,
): Promise<StreamableFile | undefined> {
  const asking = { method: context.method, headers: context.request.headers };
  const { status, headers, content, range } = headOf(asking, described, 'private, no-cache');
  for (const [name, value] of Object.entries(headers)) context.setHeader(name, value);
  if (status !== 200) context.response.status(status);
  if (!content) return undefined;
  if (context.method === 'HEAD') {
    context.setHeader('Content-Type', content.type);
    context.setHeader('Content-Length', String(content.length));
    context.setHeader('Content-Disposition', content.disposition);
    return undefined;
  }
  const stream = await unlessGone(open(range));
  return new StreamableFile(whileStanding(stream, standing, context), content);
}
