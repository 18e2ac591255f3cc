import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { RequestLog } from '../audit/index.js';
import { AuditUnavailable } from '../platform/errors/index.js';
import { contextOf } from '../platform/http/index.js';

/**
 * Last station before the handler: a log that cannot be written lets nothing happen. From here on the request
 * may change something; its held answer leaves when its row is durable.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(private readonly log: RequestLog) {}

  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!this.log.accepting) throw new AuditUnavailable(false, 'the request log is failing');
    contextOf(host.switchToHttp().getRequest<Request>()).handlerStarted = true;
    return next.handle();
  }
}
