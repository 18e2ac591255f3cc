import { createHash } from 'node:crypto';
import type { RequestContext } from '../platform/http/index.js';

/**
 * Names identical requests of a key: the same path and the same query, its parameters sorted, repeats kept.
 * Null where no polling interval applies: another method than GET or HEAD, a route or plan without one.
 * A UUID's text, made of SHA-256.
 */
export function pollingFingerprint(context: RequestContext): string | null {
  const { principal, route, method } = context;
  if (principal?.kind !== 'key' || principal.credential.pollSeconds === 0) return null;
  if (route?.pollable || (method !== 'GET' && method !== 'HEAD')) return null;
  const url = new URL(context.request.url, 'http://gate');
  url.searchParams.sort();
  const hex = createHash('sha256').update(`${url.pathname}?${url.searchParams}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
