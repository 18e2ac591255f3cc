import { createHash } from 'node:crypto';
import { PreconditionFailed } from '../errors/index.js';
import type { RequestContext } from './request-context.js';

/**
 * A strong entity tag (RFC 9110, section 8.8.3): SHA-256 of the representation's JSON, its names in order, so
 * that an answer kept as jsonb has the tag it had at first.
 * @param omit top-level fields that are no part of the version, e.g. when it was last used
 */
export function etagOf(representation: object, omit: readonly string[] = []): string {
  const counted =
    omit.length === 0
      ? representation
      : Object.fromEntries(Object.entries(representation).filter(([name]) => !omit.includes(name)));
  return `"${createHash('sha256').update(JSON.stringify(counted, inOrder)).digest('base64url')}"`;
}

/**
 * Lets a write through when there is no `If-Match`, or it names the current version: one of its tags, or `*`.
 * The comparison is the strong one: a weak tag never matches (RFC 9110, section 13.1.1).
 * @throws PreconditionFailed
 */
export function assertMatches(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  for (const [, weak, tag] of ifMatch.matchAll(ENTITY_TAG)) {
    if (weak === undefined && tag === etag) return;
  }
  throw new PreconditionFailed(etag);
}

/**
 * Gives the answer its tag. On a GET whose `If-None-Match` names it, Express then answers 304.
 * @returns the representation, as the handler answers it
 */
export function withEtag<T extends object>(
  context: RequestContext,
  representation: T,
  omit?: readonly string[],
): T {
  context.setHeader('ETag', etagOf(representation, omit));
  return representation;
}

const ENTITY_TAG = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
