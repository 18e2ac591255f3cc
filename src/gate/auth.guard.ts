import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { isWellFormedToken, KeyDirectory } from '../keys/index.js';
import { SessionAuthenticator } from '../members/index.js';
import { contextOf, type RequestContext } from '../platform/http/index.js';
import { bearerToken } from './bearer-token.js';
import { KeyAuthenticator, unauthenticated } from './key-authenticator.js';
import { RouteInventory } from './route-inventory.js';

/**
 * First station: who is it? Token -> digest -> key, or session -> member. A cached key is let through on trust:
 * admission checks it against the database before anything happens.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly routes: RouteInventory,
    private readonly directory: KeyDirectory,
    private readonly keys: KeyAuthenticator,
    private readonly sessions: SessionAuthenticator,
  ) {}

  canActivate(host: ExecutionContext): boolean | Promise<boolean> {
    const request = host.switchToHttp().getRequest<Request>();
    const context = contextOf(request);
    context.route = this.routes.declarationOf(host.getClass(), host.getHandler());
    context.routePath = routePathOf(request);
    if (context.route.public) return true;

    const token = bearerToken(request);
    if (token === undefined) return this.authenticateMember(context);
    if (!isWellFormedToken(token)) return this.keys.refuseStranger(context, 'KEY_MALFORMED');
    const cached = this.directory.cached(token);
    if (!cached) return this.keys.authenticate(context, token);
    this.keys.present(context, cached);
    return true;
  }

  private async authenticateMember(context: RequestContext): Promise<boolean> {
    const member = await this.sessions.authenticate(context);
    if (!member)
      throw unauthenticated('KEY_MISSING', 'Send a key as "Authorization: Bearer <key>", or sign in.');
    context.principal = member;
    return true;
  }
}

function routePathOf(request: Request): string | null {
  const route: unknown = request.route;
  if (typeof route !== 'object' || route === null || !('path' in route)) return null;
  return typeof route.path === 'string' ? route.path : null;
}
