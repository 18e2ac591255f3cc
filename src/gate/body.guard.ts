import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import {
  contextOf,
  DEFAULT_BODY_LIMIT_BYTES,
  hasBody,
  readJsonBody,
  readRawBody,
} from '../platform/http/index.js';
import { assertNoQuery } from '../platform/http/input/index.js';

/**
 * Fourth station: reads and bounds the body only here, so that strangers cannot make us parse. Refuses the query
 * where no handler takes one: no pipe would ever look at it.
 */
@Injectable()
export class BodyGuard implements CanActivate {
  canActivate(host: ExecutionContext): boolean | Promise<boolean> {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const context = contextOf(request);
    const { route, query } = context;
    if (query !== null && !route?.takesQuery) assertNoQuery(request.query);
    // A file is received by its handler, once nothing stands against it any more.
    if (!hasBody(request) || route?.multipart) return true;
    const limit = route?.bodyLimit ?? DEFAULT_BODY_LIMIT_BYTES;
    if (!route?.rawBody) return readJsonBody(request, http.getResponse<Response>(), limit).then(() => true);
    return readRawBody(request, http.getResponse<Response>(), limit).then((bytes) => {
      context.rawBody = bytes;
      return true;
    });
  }
}
