import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import express, { type NextFunction, type Request, type Response } from 'express';
import { AppError } from '../errors/index.js';
import { timeOfUuid } from '../ids/index.js';
import { edge, type EdgeOptions } from './edge.js';
import { installHeldResponses, isAnswered } from './held-response.js';
import { contextOf, type RequestContext } from './request-context.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** What the edge made of one request: the URL that the routes see, its context, and the answer's headers. */
async function pass(path: string, headers: Record<string, string> = {}, options: Partial<EdgeOptions> = {}) {
  const contexts: RequestContext[] = [];
  const app = express();
  installHeldResponses(app.response);
  app.use(
    edge({
      recorder: { record: (_c, _o, done) => done(), complete: () => undefined },
      trustsProxy: false,
      secure: false,
      ...options,
    }),
  );
  app.use((request, response) => {
    contexts.push(contextOf(request));
    response.json({ url: request.url, held: !isAnswered(response) });
  });
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    response
      .status(error instanceof AppError ? error.status : 500)
      .json({ code: error instanceof AppError && error.code });
  });
  const server = createServer(app);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
    headers,
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
    context: contexts[0],
  };
}

describe('the edge', () => {
  it.each([
    ['/api/campaigns', '/api/v1/campaigns'],
    ['/api/campaigns?limit=1', '/api/v1/campaigns?limit=1'],
    ['/api/v1/campaigns', '/api/v1/campaigns'],
    ['/api/v2/campaigns', '/api/v1/-'],
    ['/api/v1x', '/api/v1/-'],
    ['/api/v1', '/api/v1/-'],
    ['/api/v1/?limit=1', '/api/v1/-'],
    ['/api/vendors', '/api/v1/vendors'],
    ['/api/', '/api/v1/-'],
    ['/api/?limit=1', '/api/v1/-'],
    ['/campaigns', '/api/v1/-'],
    ['/', '/api/v1/-'],
    ['/api', '/api/v1/-'],
    ['/API/campaigns', '/api/v1/-'],
  ])('puts %s on the way of %s', async (path, url) => {
    expect((await pass(path)).body).toEqual({ url, held: true });
  });

  it('keeps the path and the query as they were written', async () => {
    const { context } = await pass('/api/campaigns?limit=1&x=%20?');
    expect([context?.path, context?.query]).toEqual(['/api/campaigns', 'limit=1&x=%20?']);
    expect((await pass('/nowhere')).context).toMatchObject({
      path: '/nowhere',
      query: null,
      ip: '127.0.0.1',
    });
  });

  it('gives every request an id of its own, and the moment inside it', async () => {
    const { headers, context } = await pass('/api/campaigns', { 'X-Request-Id': 'req_mine' });
    expect(headers.get('X-Request-Id')).toMatch(/^req_[0-9a-z]{26}$/);
    expect(headers.get('X-Request-Id')).toBe(context?.id);
    expect(context?.clientRequestId).toBe('req_mine');
    expect(context?.at).toBe(timeOfUuid(context?.uuid ?? ''));
    expect(Math.abs(Date.now() - (context?.at ?? 0))).toBeLessThan(60_000);
  });

  it('bounds what the caller calls its request', async () => {
    expect((await pass('/api/x', { 'X-Request-Id': 'a'.repeat(129) })).context?.clientRequestId).toBe(
      'a'.repeat(128),
    );
    expect((await pass('/api/x', { 'X-Request-Id': '' })).context?.clientRequestId).toBeNull();
    expect((await pass('/api/x')).context?.clientRequestId).toBeNull();
  });

  it('tells browsers and caches what they may do', async () => {
    const { headers } = await pass('/api/x');
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Content-Security-Policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('Strict-Transport-Security')).toBeNull();
  });

  it('insists on https where it is served over it', async () => {
    const { headers } = await pass('/api/x', {}, { secure: true });
    expect(headers.get('Strict-Transport-Security')).toBe('max-age=31536000; includeSubDomains');
  });

  it('refuses a path and query of more than 8,192 bytes, with an id like any', async () => {
    const base = '/api/x?q=';
    expect((await pass(base + 'a'.repeat(8_192 - base.length))).status).toBe(200);
    const { status, body, headers } = await pass(base + 'a'.repeat(8_193 - base.length));
    expect([status, body]).toEqual([414, { code: 'URI_TOO_LONG' }]);
    expect(headers.get('X-Request-Id')).toMatch(/^req_/);
  });
});
