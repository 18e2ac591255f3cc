import { Injectable } from '@nestjs/common';
import { KeyDirectory, type KeyStanding, type ResolvedKey } from '../keys/index.js';
import { AppError } from '../platform/errors/index.js';
import { FailedAttempts, type RequestContext, TooManyFailedAttempts } from '../platform/http/index.js';

type AuthenticationCode = 'KEY_MISSING' | 'KEY_MALFORMED' | 'KEY_UNKNOWN' | 'KEY_REVOKED' | 'KEY_EXPIRED';

/** Turns a token into the request's principal, as the database knows it now, or refuses. */
@Injectable()
export class KeyAuthenticator {
  constructor(
    private readonly directory: KeyDirectory,
    private readonly failures: FailedAttempts,
  ) {}

  /** @throws KEY_UNKNOWN, KEY_REVOKED, KEY_EXPIRED, ORGANIZATION_SUSPENDED, TOO_MANY_FAILED_ATTEMPTS */
  async authenticate(context: RequestContext, token: string): Promise<boolean> {
    context.principal = undefined;
    const key = await this.directory.resolve(token);
    if (!key) return this.refuseStranger(context, 'KEY_UNKNOWN');
    context.presented = key.facts;
    const refusal = refusalOfStanding(key.facts.standing);
    if (refusal) throw refusal;
    this.present(context, key);
    return true;
  }

  /** Makes a resolved key the request's principal. */
  present(context: RequestContext, key: ResolvedKey): void {
    context.presented = key.facts;
    context.principal = key.principal;
  }

  /** Malformed and unknown tokens are counted per address; while it is blocked each of them is 429. */
  async refuseStranger(context: RequestContext, code: 'KEY_MALFORMED' | 'KEY_UNKNOWN'): Promise<never> {
    const blocked = this.failures.blockedSeconds('token', context.ip);
    if (blocked > 0) throw new TooManyFailedAttempts(blocked);
    await this.failures.record('token', context.ip);
    throw code === 'KEY_MALFORMED'
      ? unauthenticated(code, 'The token is not of the published form, or its checksum is wrong.')
      : unauthenticated(code, 'No key has this secret.');
  }
}

/** 401 with the challenge that RFC 9110 asks for. */
export function unauthenticated(code: AuthenticationCode, message: string): AppError {
  return new AppError(code, message, { headers: { 'WWW-Authenticate': 'Bearer realm="gatehouse"' } });
}

/** Why a key may not authenticate at all, if so. */
export function refusalOfStanding(standing: KeyStanding): AppError | undefined {
  switch (standing) {
    case 'revoked':
      return unauthenticated('KEY_REVOKED', 'The key was revoked.');
    case 'expired':
      return unauthenticated('KEY_EXPIRED', 'The key, or this secret of it, has expired.');
    case 'suspended':
      return organizationSuspended();
    case 'active':
      return undefined;
  }
}

/** 403 for everybody of a suspended organization. */
function organizationSuspended(): AppError {
  return new AppError('ORGANIZATION_SUSPENDED', 'The organization is suspended.');
}
