import { Injectable } from '@nestjs/common';
import { lookUpBySecret, resolveKey } from '../keys/index.js';
import { SessionAuthenticator } from '../members/index.js';
import { takeTurn, type Transaction } from '../platform/database/index.js';
import type { KeyPrincipal, RequestContext } from '../platform/http/index.js';
import { ResourceRegistry } from '../roles/index.js';
import { decideKey, decideLevel } from './decide.js';
import { refusalOfStanding, unauthenticated } from './key-authenticator.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Writes under `settings.*` decide who may do what, so their own actor is looked at once more inside the
 * business transaction, on locked rows: what took away the actor's rights has either committed, and is seen, or
 * waits until this change is made.
 */
@Injectable()
export class ActorRecheck {
  constructor(
    private readonly sessions: SessionAuthenticator,
    private readonly registry: ResourceRegistry,
  ) {}

  /** Arranges the second look for a request that needs one. */
  prepare(context: RequestContext): void {
    if (!context.route?.resource?.startsWith('settings.') || SAFE_METHODS.has(context.method)) return;
    context.recheckActor = (tx) => this.recheck(context, tx);
  }

  private async recheck(context: RequestContext, tx: Transaction): Promise<void> {
    const { route } = context;
    const principal = context.authenticated;
    if (!route) throw new Error('The route was not declared.');
    await takeTurnWithSettings(tx, principal.organizationId);
    if (principal.kind === 'member') {
      context.principal = await this.sessions.recheck(tx, principal);
      const refusal = decideLevel(context, route);
      if (refusal) throw refusal;
      return;
    }
    context.principal = await this.recheckKey(tx, principal);
    const refusal = decideKey(context, route);
    if (refusal) throw refusal;
  }

  /** Locks organization, role and key, in this order everywhere, so that two such changes never wait in a circle. */
  private async recheckKey(tx: Transaction, key: KeyPrincipal): Promise<KeyPrincipal> {
    await tx.query('SELECT 1 FROM organizations WHERE id = $1 FOR SHARE', [key.organizationId]);
    await tx.query('SELECT 1 FROM roles WHERE id = $1 FOR SHARE', [key.roleId]);
    await tx.query('SELECT 1 FROM keys WHERE id = $1 FOR SHARE', [key.id]);
    const facts = await lookUpBySecret(tx, key.credential.secretId);
    if (!facts) throw unauthenticated('KEY_REVOKED', 'The key was revoked.');
    const refusal = refusalOfStanding(facts.standing);
    if (refusal) throw refusal;
    return resolveKey(facts, this.registry).principal;
  }
}

/**
 * Writes under `settings.*` of one organization take turns. What their actors hang on is locked for sharing, and one
 * of them may be about to change it (its own key, its own role, the organization): two such would wait for each other.
 */
function takeTurnWithSettings(tx: Transaction, organizationId: string): Promise<void> {
  return takeTurn(tx, `settings/${organizationId}`);
}
