import type { Response } from 'express';
import { tightestWindow } from '../plans/index.js';
import type { QuotaState, RequestContext } from '../platform/http/index.js';

/**
 * Tells the caller its quota: X-RateLimit-* for the tightest window (reset in Unix seconds), and every window in
 * RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers). Nothing where no window binds.
 */
export function setQuotaHeaders(response: Response, state: QuotaState): void {
  const tightest = tightestWindow(state);
  if (!tightest) return;
  response.setHeader('X-RateLimit-Limit', String(tightest.limit));
  response.setHeader('X-RateLimit-Remaining', String(tightest.limit - tightest.used));
  response.setHeader('X-RateLimit-Reset', String(tightest.resetsAt / 1000));
  let policy = '';
  let rest = '';
  for (const window of state.windows) {
    const comma = policy === '' ? '' : ', ';
    policy += `${comma}"${window.name}";q=${window.limit};w=${window.seconds}`;
    rest += `${comma}"${window.name}";r=${window.limit - window.used};t=${Math.ceil((window.resetsAt - state.at) / 1000)}`;
  }
  response.setHeader('RateLimit-Policy', policy);
  response.setHeader('RateLimit', rest);
}

/**
 * Tells a key how many seconds it has to wait before the identical request: the only limit that no window shows.
 * The name is that of other public APIs.
 */
export function setPollHeader({ principal, response }: RequestContext): void {
  if (principal?.kind === 'key') {
    response.setHeader('X-Poll-Interval', String(principal.credential.pollSeconds));
  }
}

/** Whole seconds from one moment to another, at least 1 and never early. */
export function retryAfterSeconds(from: number, until: number): string {
  return String(Math.max(1, Math.ceil((until - from) / 1000)));
}
