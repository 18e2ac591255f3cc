import { Injectable } from '@nestjs/common';
import { type Actor, Database, type Transaction } from '../../platform/database/index.js';
import { FailedAttempts, type RequestContext } from '../../platform/http/index.js';
import { MEMBER_COLUMNS, MEMBER_JOINS, type MemberFacts } from '../member-facts.js';
import { MemberPrincipals } from '../member-principals.js';
import { LinkInvalid } from '../members.errors.js';
import { NewPasswords } from '../new-passwords.js';
import { Passwords } from '../passwords.js';
import { ResetTokens } from './reset-tokens.js';

const ACTOR: Actor = { type: 'system', id: 'password-reset' };
const LIFETIME_SECONDS = 3_600;

const ISSUE = `
INSERT INTO password_resets (member_id, digest, expires_at)
VALUES ($1, $2, gate_clock() + make_interval(secs => $3))
ON CONFLICT (member_id) DO UPDATE
  SET digest = EXCLUDED.digest, expires_at = EXCLUDED.expires_at, sent_at = NULL
RETURNING expires_at AS "expiresAt"`;

const HOLDER = `
SELECT ${MEMBER_COLUMNS}
FROM password_resets p JOIN members m ON m.id = p.member_id ${MEMBER_JOINS}
WHERE p.digest = ANY ($1::bytea[]) AND p.expires_at > gate_clock() AND m.status = 'active'`;

/** A link just made; its token is told once. */
export interface IssuedReset {
  readonly token: string;
  readonly expiresAt: Date;
}

/** New passwords for members who have lost theirs: by a link that works once, within an hour. */
@Injectable()
export class PasswordResets {
  constructor(
    private readonly database: Database,
    private readonly tokens: ResetTokens,
    private readonly passwords: Passwords,
    private readonly newPasswords: NewPasswords,
    private readonly principals: MemberPrincipals,
    private readonly failures: FailedAttempts,
  ) {}

  /** Makes the member's link (UUID); an older one stops working. */
  async issue(tx: Transaction, memberId: string): Promise<IssuedReset> {
    const { token, digest } = this.tokens.make();
    const [row] = await tx.query<{ expiresAt: Date }[]>(ISSUE, [memberId, digest, LIFETIME_SECONDS]);
    if (!row) throw new Error('The link was not stored.');
    return { token, expiresAt: row.expiresAt };
  }

  /**
   * Uses a link up: sets the password, ends every session and lifts the lock-out. A second factor is still asked
   * for. Every wrong token gets the same answer and counts against the address it came from. Notes the member in
   * the context, so that the log tells who it was; opens no session.
   * @throws LinkInvalid; InvalidInput for the password, which leaves the link as it is; TooManyFailedAttempts
   */
  async confirm(context: RequestContext, token: string, password: string): Promise<void> {
    this.failures.assertAllowed('password-reset', context.ip);
    try {
      await this.use(context, token, password);
    } catch (error) {
      if (error instanceof LinkInvalid) await this.failures.record('password-reset', context.ip);
      throw error;
    }
  }

  private async use(context: RequestContext, token: string, password: string): Promise<void> {
    const digests = this.tokens.digests(token);
    if (digests.length === 0) throw new LinkInvalid('malformed token');
    const [holder] = await this.database.query<MemberFacts>(HOLDER, [digests]);
    if (!holder) throw new LinkInvalid('no such link');
    const { memberId, email, memberName: name } = holder;
    context.principal = this.principals.of('', holder);
    const passwordHash = await this.passwords.hash(password, { email, name });
    await this.database.write({ actor: ACTOR, requestId: context.uuid }, async (tx) => {
      // The member first, as everywhere. Of two who hold one link, the second finds it used.
      await tx.query('SELECT 1 FROM members WHERE id = $1 FOR UPDATE', [memberId]);
      const [link] = await tx.query<unknown[]>(
        'SELECT 1 FROM password_resets WHERE digest = ANY ($1::bytea[]) AND expires_at > gate_clock() FOR UPDATE',
        [digests],
      );
      const isUsed =
        link !== undefined && (await this.newPasswords.replace(tx, { memberId, passwordHash, by: 'link' }));
      if (!isUsed) throw new LinkInvalid('used meanwhile');
    });
  }
}
