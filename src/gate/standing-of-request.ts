import { Injectable } from '@nestjs/common';
import { Standing } from '../audit/index.js';
import { KeyDirectory } from '../keys/index.js';
import { SessionAuthenticator } from '../members/index.js';
import { AppError } from '../platform/errors/index.js';
import type { RequestContext } from '../platform/http/index.js';
import { bearerToken } from './bearer-token.js';
import { decideKey, decideLevel } from './decide.js';
import { refusalOfStanding } from './key-authenticator.js';

/** Tells streams whether their request would be let in again now. Charges nothing. */
@Injectable()
export class StandingOfRequest extends Standing {
  constructor(
    private readonly directory: KeyDirectory,
    private readonly sessions: SessionAuthenticator,
  ) {
    super();
  }

  async holds(context: RequestContext): Promise<boolean> {
    try {
      return context.authenticated.kind === 'key'
        ? await this.keyHolds(context)
        : await this.memberHolds(context);
    } catch (error) {
      if (error instanceof AppError && error.status < 500) return false;
      throw error;
    }
  }

  private async keyHolds(context: RequestContext): Promise<boolean> {
    const { route } = context;
    const key = await this.directory.resolve(bearerToken(context.request) ?? '');
    if (!route || !key || refusalOfStanding(key.facts.standing)) return false;
    context.principal = key.principal;
    return decideKey(context, route) === undefined;
  }

  private async memberHolds(context: RequestContext): Promise<boolean> {
    const { route } = context;
    const member = await this.sessions.authenticate(context);
    return route !== undefined && member !== undefined && decideLevel(context, route) === undefined;
  }
}
