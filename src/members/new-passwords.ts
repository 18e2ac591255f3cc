import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
import { Events } from '../platform/events/index.js';
import { toPublicId } from '../platform/ids/index.js';
import { LockOut } from './lock-out/lock-out.js';
import { Sessions } from './sessions.js';

/** How somebody came to a new password: knew the old one, had a link, or was given it by who runs the house. */
export const PASSWORD_CHANGES = ['change', 'link', 'operator'] as const;
export type PasswordChange = (typeof PASSWORD_CHANGES)[number];

export interface NewPassword {
  /** UUID. */
  readonly memberId: string;
  /** bcrypt. */
  readonly passwordHash: string;
  readonly by: PasswordChange;
  /** The hash that the old password has matched: where it is another by now, nothing is changed. */
  readonly instead?: string;
  /** UUID of the one session that goes on. */
  readonly keptSessionId?: string;
}

// A disabled member keeps what an operator gives it, and gets nothing by a link.
const REPLACE = `
WITH changed AS (
  UPDATE members SET password_hash = $2, updated_at = now()
  WHERE id = $1 AND ($3::text IS NULL OR password_hash = $3) AND (status = 'active' OR $4)
  RETURNING email, organization_id
)
SELECT email, organization_id AS "organizationId" FROM changed`;

/** Puts a new password in place of an old one, with everything that hangs on it. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly sessions: Sessions,
    private readonly lockOut: LockOut,
    private readonly events: Events,
  ) {}

  /**
   * Stores the hash, ends the sessions, voids the link that may be under way, and lifts the lock-out.
   * @returns false where there is no such member, or its password is not the one that was expected
   */
  async replace(tx: Transaction, { memberId, passwordHash, by, ...only }: NewPassword): Promise<boolean> {
    const [member] = await tx.query<{ email: string; organizationId: string }[]>(REPLACE, [
      memberId,
      passwordHash,
      only.instead ?? null,
      by === 'operator',
    ]);
    if (!member) return false;
    // After the update, which waits for sign-ins under way: the sessions they open end here too.
    await this.sessions.endAll(tx, memberId, only.keptSessionId);
    await tx.query('DELETE FROM password_resets WHERE member_id = $1', [memberId]);
    await this.lockOut.clear(member.email, tx);
    await this.events.emit(tx, {
      type: 'member.password_changed',
      organizationId: member.organizationId,
      storeId: null,
      subjectId: toPublicId('member', memberId),
      data: { by },
    });
    return true;
  }
}
