import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';
import { contextOf, DEFAULT_BODY_LIMIT_BYTES, hasBody, readJsonBody } from '../platform/http/index.js';
import { assertNoQuery } from '../platform/http/input/index.js';

/**
 * Reads and bounds the body only here, behind the guards, so that strangers cannot make us parse. Refuses the
 * query where no handler takes one: no pipe would ever look at it.
 */
@Injectable()
export class BodyInterceptor implements NestInterceptor {
  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const { route, query } = contextOf(request);
    if (query !== null && !route?.takesQuery) assertNoQuery(request.query);
    if (!hasBody(request)) return next.handle();
    const limit = route?.bodyLimit ?? DEFAULT_BODY_LIMIT_BYTES;
    return readJsonBody(request, http.getResponse<Response>(), limit).then(() => next.handle());
  }
}
