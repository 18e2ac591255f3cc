import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Inject,
  Injectable,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { Admission } from '../plans/index.js';
import { isEntangled, isUnavailable } from '../platform/database/index.js';
import { AppError, Conflict, DatabaseUnavailable, InvalidInput, NotFound } from '../platform/errors/index.js';
import { answerError, isAnswered, type RequestContext } from '../platform/http/index.js';
import { LOGGER } from '../platform/logging/index.js';
import { setQuotaHeaders } from './quota-headers.js';

/**
 * Turns every error into the one error shape. What is not meant for the public becomes INTERNAL_ERROR, with its
 * words in the process's log alone. The answer is held until its row is durable, like any other.
 */
@Catch()
@Injectable()
export class RefusalFilter implements ExceptionFilter {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly admission: Admission,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const error = this.asAppError(thrown, request.context);
    if (isAnswered(response)) {
      response.destroy();
      return;
    }
    const context = request.context;
    if (context) {
      context.failure = { code: error.code, reason: error.reason ?? error.message };
      if (error.status >= 500) this.allowRetry(context);
      // members' figures are known before the quota guard is reached
      if (context.quota) setQuotaHeaders(response, context.quota);
    }
    answerError(request, response, error, context?.id ?? '');
  }

  /** A 5xx clears the polling mark that the request had set. */
  private allowRetry(context: RequestContext): void {
    const { principal, pollingMark } = context;
    if (principal?.kind !== 'key' || !pollingMark) return;
    this.admission.clearPollingMark(principal.credential.quotaSubject, principal.id, pollingMark);
  }

  private asAppError(thrown: unknown, context: RequestContext | undefined): AppError {
    if (thrown instanceof AppError) {
      if (thrown.status >= 500) this.logger.error({ err: thrown, requestId: context?.id }, thrown.code);
      return thrown;
    }
    if (thrown instanceof URIError || thrown instanceof SyntaxError || isStatus(thrown, 400)) {
      return new InvalidInput([{ field: 'path', reason: 'is not well-formed' }]);
    }
    if (isStatus(thrown, 404)) return new NotFound('no such route');
    if (isUnavailable(thrown)) {
      this.logger.error({ err: thrown, requestId: context?.id }, 'the database does not answer');
      return new DatabaseUnavailable(thrown);
    }
    if (isEntangled(thrown)) {
      return new Conflict('Somebody changed the same thing at the same moment; repeat.');
    }
    this.logger.error({ err: thrown, requestId: context?.id }, 'a request failed by a defect of ours');
    return new AppError('INTERNAL_ERROR', 'Something went wrong on our side.', {
      reason: thrown instanceof Error ? thrown.name : 'unknown',
    });
  }
}

/** An HttpException of Nest's, or an error of Express's own, with that status. */
function isStatus(thrown: unknown, status: number): boolean {
  if (thrown instanceof HttpException) return thrown.getStatus() === status;
  return typeof thrown === 'object' && thrown !== null && 'status' in thrown && thrown.status === status;
}
