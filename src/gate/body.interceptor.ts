import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';
import { contextOf, DEFAULT_BODY_LIMIT_BYTES, hasBody, readJsonBody } from '../platform/http/index.js';

/** Reads and bounds the body only here, behind the guards, so that strangers cannot make us parse. */
@Injectable()
export class BodyInterceptor implements NestInterceptor {
  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    if (!hasBody(request)) return next.handle();
    const limit = contextOf(request).route?.bodyLimit ?? DEFAULT_BODY_LIMIT_BYTES;
    return readJsonBody(request, http.getResponse<Response>(), limit).then(() => next.handle());
  }
}
