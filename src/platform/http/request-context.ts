import type { Request, Response } from 'express';
import type { Actor, Transaction } from '../database/index.js';
import { AppError } from '../errors/index.js';
import { toPublicId } from '../ids/index.js';
import type { Principal, StoreScope } from './principal.js';
import type { QuotaState } from './quota-state.js';
import type { RouteDeclaration } from './route-declaration.js';

/** Which key or session a refused request presented, where that could be told. */
export interface PresentedCredential {
  readonly keyId: string;
  readonly keyName: string;
  readonly preview: string;
  readonly secretId: string;
  readonly organizationId: string;
  readonly storeId: string;
}

/**
 * Everything the house knows of one request. Made at the edge, filled on the way, read once more when the
 * request becomes its row of the log.
 */
export class RequestContext {
  /** When the request arrived: milliseconds since the epoch, the time inside its id. */
  readonly at: number;
  readonly startedAt = performance.now();
  /** The caller's own X-Request-Id, bounded and cleaned; never ours. */
  clientRequestId: string | null = null;
  route: RouteDeclaration | undefined;
  /** The route's template, e.g. `/api/v1/campaigns/:id`. */
  routePath: string | null = null;
  principal: Principal | undefined;
  presented: PresentedCredential | undefined;
  store: StoreScope | undefined;
  quota: QuotaState | undefined;
  /** Requests charged: 0 or 1. */
  quotaCharged = 0;
  /** This request's mark at the polling gate; cleared again after a 5xx, so that a retry is not refused. */
  pollingMark: { readonly fingerprint: string; readonly at: string } | undefined;
  /** The body as it came, on a route that asks for it so; undefined where there was none. */
  rawBody: Buffer | undefined;
  /** Set once the handler may have changed something. */
  handlerStarted = false;
  /** The failure that is being answered, as the refusal filter describes it. */
  failure: { readonly code: string; readonly reason: string | null } | undefined;
  replayed = false;
  /**
   * Set for writes under `settings.*`: decides the request anew inside the business transaction, on rows it
   * locks, so that a principal that has just lost its rights changes nothing any more.
   */
  recheckActor: ((tx: Transaction) => Promise<void>) | undefined;

  constructor(
    /** UUIDv7. */
    readonly uuid: string,
    at: number,
    readonly ip: string,
    readonly request: Request,
    readonly response: Response,
    /** The path as the caller wrote it, without its query. */
    readonly path: string,
    readonly query: string | null,
  ) {
    this.at = at;
  }

  /** `req_…`, what X-Request-Id tells. */
  get id(): string {
    return toPublicId('request', this.uuid);
  }

  get method(): string {
    return this.request.method;
  }

  /** The principal of a route behind the gate. */
  get authenticated(): Principal {
    if (!this.principal) throw new Error('The route is public: it has no principal.');
    return this.principal;
  }

  /** The store a store route works in; the permission guard has checked that it is the principal's. */
  get storeScope(): StoreScope {
    if (!this.store) throw new Error('The route names no store.');
    return this.store;
  }

  get actor(): Actor {
    const principal = this.authenticated;
    return { type: principal.kind, id: principal.id };
  }

  /** Sets a header of the answer; the answer is still held. */
  setHeader(name: string, value: string): void {
    this.response.setHeader(name, value);
  }

  /** The value of `If-Match`, if any. */
  get ifMatch(): string | undefined {
    return this.request.headers['if-match'];
  }
}

declare module 'express-serve-static-core' {
  interface Request {
    /** Present on every API request; absent on health, metrics and static files. */
    context?: RequestContext;
  }
}

/** The context of an API request. @throws AppError INTERNAL_ERROR where the edge has not seen it. */
export function contextOf(request: Request): RequestContext {
  if (!request.context) throw new AppError('INTERNAL_ERROR', 'The request did not pass the edge.');
  return request.context;
}
