import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config/index.js';
import type { Transaction } from '../platform/database/index.js';
import type { MemberPrincipal, RequestContext } from '../platform/http/index.js';
import { quotaWindows } from '../plans/index.js';
import { isShutOut } from './member-facts.js';
import { MemberPrincipals } from './member-principals.js';
import { CsrfTokenInvalid, OrganizationSuspended, SessionInvalid } from './members.errors.js';
import { lockMember } from './recheck-member.js';
import type { ResolvedSession } from './resolve-session.js';
import { assertSameOrigin } from './same-origin.js';
import { SessionCookie } from './session-cookie.js';
import { Sessions } from './sessions.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Tells the gate which member a request comes from. */
@Injectable()
export class SessionAuthenticator {
  constructor(
    private readonly sessions: Sessions,
    private readonly principals: MemberPrincipals,
    private readonly cookie: SessionCookie,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The member behind the request's session cookie, with every fact as the database has it now; undefined where
   * no session cookie came. Also notes the member and its organization's quota windows in the context, so that
   * refusals carry them too. Members are never charged.
   * @throws SessionInvalid; OrganizationSuspended, but for routes that are open even then; CsrfTokenInvalid, for
   *   methods that may change something
   */
  async authenticate(context: RequestContext): Promise<MemberPrincipal | undefined> {
    const token = this.cookie.read(context.request);
    if (token === undefined) return undefined;
    const session = await this.sessions.resolve(token);
    if (!session) throw new SessionInvalid('unknown or ended session');
    if (session.memberStatus !== 'active') throw new SessionInvalid('member disabled');

    const principal = this.principals.of(session.sessionId, session);
    context.principal = principal;
    context.quota = { at: session.at, windows: quotaWindows(session.at, session) };
    if (isShutOut(session) && !context.route?.evenSuspended) throw new OrganizationSuspended();
    if (!SAFE_METHODS.has(context.method)) this.assertIntended(context, session);
    return principal;
  }

  /**
   * Decides about a member again inside a business transaction, on rows that nobody can change before it ends.
   * @returns the principal with the rights it has now
   * @throws SessionInvalid where the session or the member is gone or disabled; OrganizationSuspended
   */
  async recheck(tx: Transaction, principal: MemberPrincipal): Promise<MemberPrincipal> {
    const facts = await lockMember(tx, principal);
    if (!facts) throw new SessionInvalid('unknown or ended session');
    if (facts.memberStatus !== 'active') throw new SessionInvalid('member disabled');
    if (isShutOut(facts)) throw new OrganizationSuspended();
    return this.principals.ofTransaction(principal.sessionId, facts);
  }

  /** That the page which holds the session meant this, and not another site in the same browser. */
  private assertIntended(context: RequestContext, session: ResolvedSession): void {
    assertSameOrigin(context.request, this.config.publicUrl);
    const csrfToken = context.request.headers['x-csrf-token'];
    if (typeof csrfToken !== 'string') throw new CsrfTokenInvalid('no token');
    if (!this.sessions.isCsrfToken(session, csrfToken)) throw new CsrfTokenInvalid('wrong token');
  }
}
