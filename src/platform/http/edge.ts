import type { NextFunction, Request, Response } from 'express';
import { AppError } from '../errors/index.js';
import { newUuid, timeOfUuid } from '../ids/index.js';
import { clientAddress } from './client-address.js';
import { holdResponse, type OutcomeRecorder } from './held-response.js';
import { RequestContext } from './request-context.js';

const MAX_URL_BYTES = 8_192;
const MAX_CLIENT_REQUEST_ID = 128;

export interface EdgeOptions {
  readonly recorder: OutcomeRecorder;
  readonly trustsProxy: boolean;
  /** Served over https: browsers are told to insist on it. */
  readonly secure: boolean;
}

/**
 * The first station of every API request: gives it its id and context, holds its answer, and puts `/api/x` on
 * the way of `/api/v1/x`. What comes before it (health, metrics, static files) is no API request.
 */
export function edge({ recorder, trustsProxy, secure }: EdgeOptions) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const uuid = newUuid();
    const { path, query } = splitUrl(request.url);
    const context = new RequestContext(
      uuid,
      timeOfUuid(uuid),
      clientAddress(request, trustsProxy),
      request,
      response,
      path,
      query,
    );
    context.clientRequestId = boundedHeader(request.headers['x-request-id']);
    request.context = context;
    response.setHeader('X-Request-Id', context.id);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    if (secure) response.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
    holdResponse(response, context, recorder);
    if (request.url.length > MAX_URL_BYTES) {
      return next(new AppError('URI_TOO_LONG', 'The path and query are longer than 8,192 bytes.'));
    }
    request.url = canonicalUrl(request.url);
    next();
  };
}

/**
 * `/api/campaigns` is short for `/api/v1/campaigns`. What lies outside the API, its other versions and its bare
 * roots included, is put where no route is, so that it is answered, and logged, like every other unmatched path; the
 * log keeps the path as it was written.
 */
export function canonicalUrl(url: string): string {
  if (/^\/api\/v1\/[^?]/.test(url)) return url;
  if (!/^\/api\/[^?]/.test(url) || /^\/api\/v\d/.test(url)) return '/api/v1/-';
  return `/api/v1/${url.slice(5)}`;
}

function splitUrl(url: string): { path: string; query: string | null } {
  const mark = url.indexOf('?');
  return mark === -1 ? { path: url, query: null } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

function boundedHeader(value: string | string[] | undefined): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.slice(0, MAX_CLIENT_REQUEST_ID);
}
