import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { NotFound } from '../../platform/errors/index.js';
import type { MemberPrincipal, RequestContext } from '../../platform/http/index.js';
import { LockOut } from '../lock-out/lock-out.js';
import { WrongProof } from '../members.errors.js';
import { Passwords } from '../passwords.js';

/** The member who asks. @throws NotFound for keys, to whom none of this belongs */
export function memberOf(context: RequestContext): MemberPrincipal {
  const principal = context.authenticated;
  if (principal.kind !== 'member') throw new NotFound('a key is no member');
  return principal;
}

/**
 * Has a signed-in member prove once more who they are, where an open session alone is too little: it may be one
 * that somebody else found. What is wrong counts for the lock-out as at the sign-in.
 */
@Injectable()
export class Proof {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly lockOut: LockOut,
  ) {}

  /**
   * Checks the member's password, outside of any transaction: it takes its time.
   * @returns the hash that it matches
   * @throws WrongProof, SignInLocked
   */
  password(context: RequestContext, member: MemberPrincipal, currentPassword: string): Promise<string> {
    return this.counted(context, member, async () => {
      const [row] = await this.database.query<{ hash: string | null }>(
        'SELECT password_hash AS hash FROM members WHERE id = $1',
        [member.id],
      );
      const hash = row?.hash ?? null;
      const matches = await this.passwords.verify(currentPassword, hash);
      await this.lockOut.assertOpen(member.email);
      if (!matches || hash === null) throw new WrongProof('currentPassword');
      return hash;
    });
  }

  /**
   * Runs work that looks at a password or a code, and counts it where that is wrong.
   * @throws SignInLocked, before the work where the member is locked out; what `work` throws
   */
  async counted<T>(context: RequestContext, member: MemberPrincipal, work: () => Promise<T>): Promise<T> {
    await this.lockOut.assertOpen(member.email);
    try {
      return await work();
    } catch (error) {
      if (error instanceof WrongProof) {
        // Whoever guesses many at once is not told which was right: all that come after the tenth are refused.
        await this.lockOut.assertOpen(member.email);
        await this.lockOut.recordFailure(context, member.email, {
          memberId: member.id,
          organizationId: member.organizationId,
        });
      }
      throw error;
    }
  }
}
