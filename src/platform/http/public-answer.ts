import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

/** What is for everybody is kept for a minute: so soon is what is taken back out of sight. */
export const PUBLIC_CACHE = 'public, max-age=60';

/**
 * Answers a text that everybody may see and keep: 304 to whoever has it, and none of it to HEAD.
 * @param cache how long; one that nobody takes back may be kept longer
 */
export function answerPublicly(
  request: Request,
  response: Response,
  type: string,
  text: string,
  cache = PUBLIC_CACHE,
): void {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  response.set({
    'Content-Type': `${type}; charset=utf-8`,
    'Cache-Control': cache,
    ETag: etag,
  });
  if (request.headers['if-none-match'] === etag) response.status(304).end();
  else response.end(request.method === 'HEAD' ? undefined : text);
}
