import { Injectable } from '@nestjs/common';
import { type Actor, Database } from '../platform/database/index.js';
import { FailedAttempts, type MemberPrincipal, type RequestContext } from '../platform/http/index.js';
import { normalizeEmail } from './email.js';
import { LockOut } from './lock-out/lock-out.js';
import { isShutOut, MEMBER_COLUMNS, MEMBER_JOINS, type MemberFacts } from './member-facts.js';
import { MemberPrincipals } from './member-principals.js';
import { OrganizationSuspended, SignInFailed, TotpRequired } from './members.errors.js';
import { Passwords } from './passwords.js';
import { SecondFactors } from './second-factor/second-factors.js';
import { type OpenedSession, Sessions } from './sessions.js';

interface Candidate extends MemberFacts {
  readonly passwordHash: string | null;
  readonly secondFactor: boolean;
}

const FIND_CANDIDATE = `
SELECT m.password_hash AS "passwordHash", t.confirmed_at IS NOT NULL AS "secondFactor", ${MEMBER_COLUMNS}
FROM members m ${MEMBER_JOINS} LEFT JOIN member_totp t ON t.member_id = m.id
WHERE m.email = $1`;

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** The authenticator's code, or a recovery code. */
  readonly totp?: string;
}

export interface SignedIn {
  readonly session: OpenedSession;
  readonly principal: MemberPrincipal;
}

/** Exchanges an address, a password and, where there is one, a second factor for a session. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly secondFactors: SecondFactors,
    private readonly sessions: Sessions,
    private readonly principals: MemberPrincipals,
    private readonly lockOut: LockOut,
    private readonly failures: FailedAttempts,
  ) {}

  /**
   * Opens a session. Every wrong pair gets the same answer after the same work, and counts against the client's
   * address and against the e-mail address. Notes the member in the context once the password was right, so that
   * the log tells who it was.
   * @throws SignInFailed; TotpRequired; OrganizationSuspended; InvalidInput for a password over 72 bytes;
   *   SignInLocked, before any work; TooManyFailedAttempts
   */
  async signIn(context: RequestContext, credentials: Credentials): Promise<SignedIn> {
    this.failures.assertAllowed('sign-in', context.ip);
    await this.lockOut.assertOpen(credentials.email);
    const email = normalizeEmail(credentials.email);
    const [candidate] = await this.database.query<Candidate>(FIND_CANDIDATE, [email]);
    try {
      return await this.attempt(context, candidate, credentials);
    } catch (error) {
      if (error instanceof SignInFailed) {
        await this.failures.record('sign-in', context.ip);
        await this.lockOut.recordFailure(context, email, candidate);
      }
      throw error;
    }
  }

  private async attempt(
    context: RequestContext,
    candidate: Candidate | undefined,
    { email, password, totp }: Credentials,
  ): Promise<SignedIn> {
    const matches = await this.passwords.verify(password, candidate?.passwordHash ?? null);
    await this.lockOut.assertOpen(email);
    if (!candidate) throw new SignInFailed('unknown address');
    if (candidate.passwordHash === null) throw new SignInFailed('no password');
    if (!matches) throw new SignInFailed('wrong password');
    context.principal = this.principals.of('', candidate);
    if (candidate.memberStatus !== 'active') throw new SignInFailed('member disabled');
    if (isShutOut(candidate)) throw new OrganizationSuspended();
    if (candidate.secondFactor) await this.assertSecondFactor(context, candidate, totp);

    const session = await this.sessions.open({
      memberId: candidate.memberId,
      passwordHash: candidate.passwordHash,
      secondFactor: candidate.secondFactor,
      ip: context.ip,
      userAgent: context.request.headers['user-agent'],
    });
    if (!session) throw new SignInFailed('password changed');
    await this.lockOut.clear(email);
    const principal = this.principals.of(session.sessionId, candidate);
    context.principal = principal;
    return { session, principal };
  }

  private async assertSecondFactor(
    context: RequestContext,
    { memberId, organizationId, email }: Candidate,
    totp: string | undefined,
  ): Promise<void> {
    if (totp === undefined) throw new TotpRequired();
    const actor: Actor = { type: 'member', id: memberId };
    const owner = { id: memberId, organizationId, email };
    const isRight = await this.database.write({ actor, requestId: context.uuid }, (tx) =>
      this.secondFactors.use(tx, owner, totp),
    );
    await this.lockOut.assertOpen(email);
    if (!isRight) throw new SignInFailed('wrong code');
  }
}
