import { createHash } from 'node:crypto';
import { isPolled, type RequestContext } from '../platform/http/index.js';

/**
 * Names identical requests of a key: the same route with the same parameters and the same query, sorted, repeats
 * kept. Taken from what was matched, not from what was written, so that another spelling of the path (a slash at
 * its end, other letter cases, an escape) is no other request. Null where no polling interval applies: another
 * method than GET or HEAD, a route or plan without one. A UUID's text, made of SHA-256.
 */
export function pollingFingerprint(context: RequestContext): string | null {
  const { principal, route, method, request } = context;
  if (principal?.kind !== 'key' || principal.credential.pollSeconds === 0) return null;
  if (!route || !isPolled(route) || (method !== 'GET' && method !== 'HEAD')) return null;
  const query = new URLSearchParams(context.query ?? '');
  query.sort();
  const identity = JSON.stringify([context.routePath, request.params, query.toString()]);
  const hex = createHash('sha256').update(identity).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
