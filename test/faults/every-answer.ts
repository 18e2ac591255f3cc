import { type Answer, call, json } from '../support/http-client.js';
import { mixedRequests, type Planned } from './load.js';

/** Statuses that a run of `everyAnswer` must have seen. */
export const EVERY_STATUS = [200, 201, 204, 304, 400, 401, 403, 404, 413, 429];

const TOO_LARGE = Buffer.alloc(1_100_000, ' ');

/** The mixed requests, and those whose answers are rarer: 204, 304, 413, 429, and a stream where one is served. */
export async function everyAnswer(
  url: string,
  token: string,
  admin: { email: string; password: string },
): Promise<readonly Planned[]> {
  const me = json<{ store: { id: string } }>(await call(url, '/api/v1/me', { token }));
  const limited = await limitedKey(url, me.store.id, admin);
  const body = { name: 'Short life', platform: 'email' };
  return [
    ...mixedRequests(token, me.store.id),
    { path: '/api/v1/campaigns', method: 'POST', token, body, next: (answer) => readAgain(token, answer) },
    { path: '/api/v1/campaigns', method: 'POST', token, body: TOO_LARGE, headers: { Connection: 'close' } },
    { path: '/api/v1/campaigns?limit=1', token: limited },
    { path: '/api/v1/stream-of-numbers', token },
  ];
}

/** 304 for what has not changed since it was made; then it is deleted, 204. */
function readAgain(token: string, created: Answer): Planned | undefined {
  const { location, etag } = created.headers;
  if (created.status !== 201 || location === undefined || etag === undefined) return undefined;
  return {
    path: location,
    token,
    headers: { 'If-None-Match': etag },
    next: () => ({ path: location, method: 'DELETE', token }),
  };
}

/** A key that may ask once an hour. */
async function limitedKey(
  url: string,
  storeId: string,
  admin: { email: string; password: string },
): Promise<string> {
  const signedIn = await call(url, '/api/v1/session', { method: 'POST', body: admin });
  const cookie = signedIn.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const { csrfToken } = json<{ csrfToken: string }>(signedIn);
  const created = await call(url, `/api/v1/stores/${storeId}/keys`, {
    method: 'POST',
    headers: { Cookie: cookie, 'X-CSRF-Token': csrfToken },
    body: { name: 'Once an hour', permissions: { content: 'read' }, limits: { hour: 1 } },
  });
  return json<{ token: string }>(created).token;
}
