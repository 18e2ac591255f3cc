import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { RequestLog } from '../audit/index.js';
import { AuditUnavailable } from '../platform/errors/index.js';
import { contextOf } from '../platform/http/index.js';

/**
 * Last station before the handler: a log that cannot be written lets nothing happen. From here on the request
 * may change something; its held answer leaves when its row is durable.
 */
@Injectable()
export class LogGuard implements CanActivate {
  constructor(private readonly log: RequestLog) {}

  canActivate(host: ExecutionContext): boolean {
    if (!this.log.accepting) throw new AuditUnavailable(false, 'the request log is failing');
    contextOf(host.switchToHttp().getRequest<Request>()).handlerStarted = true;
    return true;
  }
}
