import { Injectable } from '@nestjs/common';
import { Admission, PlansService, type Verdict } from '../plans/index.js';
import { AppError } from '../platform/errors/index.js';
import type { RequestContext, RouteDeclaration } from '../platform/http/index.js';
import { bearerToken } from './bearer-token.js';
import { decideKey } from './decide.js';
import { KeyAuthenticator } from './key-authenticator.js';
import { pollingFingerprint } from './polling-fingerprint.js';
import { setQuotaHeaders } from './quota-headers.js';

/** A verdict on a key as it is now, and the polling fingerprint it was given for. */
export type Settled = Exclude<Verdict, { kind: 'stale' }> & { readonly fingerprint: string | null };

/** A key that changes more often than this while one request is decided is not decided at all. */
const MAX_DECISIONS = 5;

/**
 * Asks the database about a request's key. Where the key, its role, store, organization or plan has changed
 * since it was resolved, the whole request is decided again, from the authentication on.
 */
@Injectable()
export class Redecision {
  constructor(
    private readonly admission: Admission,
    private readonly keys: KeyAuthenticator,
    private readonly plans: PlansService,
  ) {}

  /**
   * Charges a request that nothing stands against. Whether a polling interval applies is told by the key as it is
   * at each decision.
   * @returns the verdict on its quota
   * @throws the refusal, where the request decided anew is refused
   */
  async admit(context: RequestContext, cost: 0 | 1): Promise<Settled> {
    for (let decisions = 1; decisions <= MAX_DECISIONS; decisions++) {
      const fingerprint = cost === 0 ? null : pollingFingerprint(context);
      const verdict = await this.ask(context, cost, fingerprint);
      if (verdict.kind !== 'stale') return { ...verdict, fingerprint };
      const refusal = await this.decideAnew(context);
      if (refusal) await this.confirm(context, refusal);
    }
    throw unsettled();
  }

  /**
   * Confirms a refusal from a cached key before it is sent.
   * @returns true where the request, decided anew, is no longer refused
   * @throws the refusal, once the database says that it was decided on what holds now
   */
  async confirm(context: RequestContext, refusal: AppError): Promise<boolean> {
    let standing: AppError | undefined = refusal;
    for (let decisions = 1; decisions <= MAX_DECISIONS; decisions++) {
      const verdict = await this.ask(context, 0, null);
      if (verdict.kind !== 'stale') {
        if (standing) throw await this.withUpgrade(context, standing);
        return true;
      }
      standing = await this.decideAnew(context);
    }
    throw unsettled();
  }

  /** Says of a level that the plan holds down which plan would not. */
  private async withUpgrade(context: RequestContext, refusal: AppError): Promise<AppError> {
    const { code, message, details } = refusal;
    if (details?.['limitedBy'] !== 'plan') return refusal;
    const { level } = routeOf(context);
    const upgrade = await this.plans.smallestReaching(context.authenticated.organizationId, level);
    return new AppError(code, message, { details: { ...details, upgrade } });
  }

  private async ask(context: RequestContext, cost: 0 | 1, fingerprint: string | null): Promise<Verdict> {
    const principal = context.authenticated;
    if (principal.kind !== 'key') throw new Error('Members are not admitted by quota.');
    const verdict = await this.admission.admit({ credential: principal.credential, cost, fingerprint });
    if (verdict.kind !== 'stale') {
      context.quota = verdict.quota;
      setQuotaHeaders(context.response, verdict.quota);
    }
    return verdict;
  }

  private async decideAnew(context: RequestContext): Promise<AppError | undefined> {
    const token = bearerToken(context.request);
    if (token === undefined) throw new Error('The request has no key.');
    await this.keys.authenticate(context, token);
    return decideKey(context, routeOf(context));
  }
}

function routeOf(context: RequestContext): RouteDeclaration {
  if (!context.route) throw new Error('The route was not declared.');
  return context.route;
}

function unsettled(): AppError {
  return new AppError(
    'DATABASE_UNAVAILABLE',
    'The key is being changed faster than a request can be decided.',
    {
      headers: { 'Retry-After': '1' },
    },
  );
}
