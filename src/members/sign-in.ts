import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import { FailedAttempts, type MemberPrincipal, type RequestContext } from '../platform/http/index.js';
import { isShutOut, MEMBER_COLUMNS, MEMBER_JOINS, type MemberFacts } from './member-facts.js';
import { MemberPrincipals } from './member-principals.js';
import { OrganizationSuspended, SignInFailed } from './members.errors.js';
import { normalizeEmail } from './email.js';
import { Passwords } from './passwords.js';
import { type OpenedSession, Sessions } from './sessions.js';

interface Candidate extends MemberFacts {
  readonly passwordHash: string | null;
}

const FIND_CANDIDATE = `
SELECT m.password_hash AS "passwordHash", ${MEMBER_COLUMNS}
FROM members m ${MEMBER_JOINS}
WHERE m.email = $1`;

export interface SignedIn {
  readonly session: OpenedSession;
  readonly principal: MemberPrincipal;
}

/** Exchanges an address and a password for a session. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
    private readonly principals: MemberPrincipals,
    private readonly failures: FailedAttempts,
  ) {}

  /**
   * Opens a session. Every wrong pair gets the same answer after the same work and counts against the address it
   * came from. Notes the member in the context once the password was right, so that the log tells who it was.
   * @throws SignInFailed; OrganizationSuspended; InvalidInput for a password over 72 bytes; TooManyFailedAttempts
   */
  async signIn(context: RequestContext, email: string, password: string): Promise<SignedIn> {
    this.failures.assertAllowed('sign-in', context.ip);
    try {
      return await this.attempt(context, email, password);
    } catch (error) {
      if (error instanceof SignInFailed) await this.failures.record('sign-in', context.ip);
      throw error;
    }
  }

  private async attempt(context: RequestContext, email: string, password: string): Promise<SignedIn> {
    const [candidate] = await this.database.query<Candidate>(FIND_CANDIDATE, [normalizeEmail(email)]);
    const matches = await this.passwords.verify(password, candidate?.passwordHash ?? null);
    if (!candidate) throw new SignInFailed('unknown address');
    if (candidate.passwordHash === null) throw new SignInFailed('no password');
    if (!matches) throw new SignInFailed('wrong password');
    if (candidate.memberStatus !== 'active') throw new SignInFailed('member disabled');
    if (isShutOut(candidate)) throw new OrganizationSuspended();

    const session = await this.sessions.open({
      memberId: candidate.memberId,
      passwordHash: candidate.passwordHash,
      ip: context.ip,
      userAgent: context.request.headers['user-agent'],
    });
    if (!session) throw new SignInFailed('password changed');
    const principal = this.principals.of(session.sessionId, candidate);
    context.principal = principal;
    return { session, principal };
  }
}
