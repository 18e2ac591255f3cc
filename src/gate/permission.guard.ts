import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppError, NotFound } from '../platform/errors/index.js';
import {
  contextOf,
  type MemberPrincipal,
  type RequestContext,
  type RouteDeclaration,
} from '../platform/http/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import { StoreDirectory } from '../tenants/index.js';
import { ActorRecheck } from './actor-recheck.js';
import { decideKey, decideLevel, storeParameter } from './decide.js';
import { Redecision } from './redecision.js';

/**
 * Second station: may they? The store must be theirs (404), the address allowed (403), the route's level held
 * (403), in this order. A refusal is confirmed against the database before it is sent.
 */
@Injectable()
export class PermissionGuard implements CanActivate {
  constructor(
    private readonly stores: StoreDirectory,
    private readonly redecision: Redecision,
    private readonly recheck: ActorRecheck,
  ) {}

  canActivate(host: ExecutionContext): boolean | Promise<boolean> {
    const context = contextOf(host.switchToHttp().getRequest<Request>());
    const { route, principal } = context;
    if (!route) throw new Error('The route was not declared.');
    if (route.public) return true;
    if (principal?.kind === 'member') return this.decideMember(context, principal, route);
    const refusal = decideKey(context, route);
    if (refusal) return this.confirmed(context, refusal);
    this.recheck.prepare(context);
    return true;
  }

  private async confirmed(context: RequestContext, refusal: AppError): Promise<boolean> {
    const allowed = await this.redecision.confirm(context, refusal);
    this.recheck.prepare(context);
    return allowed;
  }

  private async decideMember(
    context: RequestContext,
    member: MemberPrincipal,
    route: RouteDeclaration,
  ): Promise<boolean> {
    const named = storeParameter(context);
    if (named !== undefined) {
      const storeId = fromPublicId('store', named);
      const store = storeId === undefined ? undefined : await this.stores.find(storeId);
      if (!store || store.organizationId !== member.organizationId) throw new NotFound('foreign store');
      context.store = { storeId: store.id, organizationId: store.organizationId };
    } else if (route.storeScoped) {
      throw new AppError('STORE_REQUIRED', 'A member names the store: /api/v1/stores/{storeId}/…');
    }
    const refusal = decideLevel(context, route);
    if (refusal) throw refusal;
    this.recheck.prepare(context);
    return true;
  }
}
