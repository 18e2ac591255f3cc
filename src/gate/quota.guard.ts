import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  ThrottlerGuard,
  type ThrottlerModuleOptions,
  type ThrottlerStorage,
} from '@nestjs/throttler';
import type { Request } from 'express';
import { quotaReturnsAt, type Verdict } from '../plans/index.js';
import { AppError } from '../platform/errors/index.js';
import { contextOf, type QuotaState, type RequestContext } from '../platform/http/index.js';
import { retryAfterSeconds, setPollHeader, setQuotaHeaders } from './quota-headers.js';
import { Redecision } from './redecision.js';

/**
 * Third station: how often? One admission in the database, shared by all requests that wait at the same moment.
 * The throttler guard's storage and windows are not used: the plan's are exact over every process.
 */
@Injectable()
export class QuotaGuard extends ThrottlerGuard {
  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() storage: ThrottlerStorage,
    reflector: Reflector,
    private readonly redecision: Redecision,
  ) {
    super(options, storage, reflector);
  }

  override canActivate(host: ExecutionContext): Promise<boolean> {
    const context = contextOf(host.switchToHttp().getRequest<Request>());
    if (context.route?.public) return Promise.resolve(true);
    if (context.principal?.kind === 'member') {
      if (context.quota) setQuotaHeaders(context.response, context.quota);
      return Promise.resolve(true);
    }
    return this.admit(context);
  }

  private async admit(context: RequestContext): Promise<boolean> {
    const cost = context.route?.free ? 0 : 1;
    const verdict = await this.redecision.admit(context, cost);
    if (verdict.kind === 'admitted') {
      const { fingerprint, markedAt } = verdict;
      context.quotaCharged = cost;
      if (fingerprint !== null) {
        context.pollingMark = { fingerprint, at: markedAt };
        setPollHeader(context);
      }
      return true;
    }
    throw refusalOf(verdict);
  }
}

/** 429, with when to come back and which plan would not have refused; that is null where none would. */
function refusalOf(verdict: Extract<Verdict, { kind: 'quota' | 'polling' }>): AppError {
  const { quota, upgrade } = verdict;
  if (verdict.kind === 'polling') {
    return new AppError('POLLING_TOO_FAST', 'The identical request was made too short a time ago.', {
      details: { nextAllowedAt: new Date(Math.ceil(verdict.nextAllowedAt)).toISOString(), upgrade },
      headers: { 'Retry-After': retryAfterSeconds(quota.at, verdict.nextAllowedAt) },
    });
  }
  const windows = quota.windows.map(({ name, limit, used, resetsAt }) => ({
    window: name,
    limit,
    used,
    resetsAt: new Date(resetsAt).toISOString(),
  }));
  return new AppError('QUOTA_EXCEEDED', exhaustedBy(quota), {
    details: { windows, upgrade },
    headers: { 'Retry-After': retryAfterSeconds(quota.at, quotaReturnsAt(quota)) },
  });
}

function exhaustedBy({ windows }: QuotaState): string {
  const bySubject = windows.some(({ name, limit, used }) => used >= limit && !name.startsWith('key-'));
  return `The ${bySubject ? 'plan' : 'key’s own limit'} has no request left in this window.`;
}
