import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/index.js';
import { Conflict } from '../../platform/errors/index.js';
import { linkTo } from '../links.js';
import type { Member } from '../member.entity.js';
import type { PasswordResetResponse } from './password-reset.response.js';
import { PasswordResets } from './password-resets.js';
import { ResetMail } from './reset-mail.js';

/** The link that somebody else has made for a member: mailed, or, without a mail server, told once. */
@Injectable()
export class ResetLinks {
  constructor(
    private readonly resets: PasswordResets,
    private readonly mail: ResetMail,
  ) {}

  /** Whether answers hold a link, which is a secret: where no mail server is configured. */
  get showsLinks(): boolean {
    return !this.mail.enabled;
  }

  /**
   * Makes the link, or has it made and mailed once the caller's transaction is committed. An older one stops working.
   * @param base the installation's address, for the link
   * @throws Conflict for a disabled member
   */
  async make(
    tx: Transaction,
    { id: memberId, status }: Member,
    base: string,
  ): Promise<PasswordResetResponse> {
    if (status !== 'active') throw new Conflict('The member is disabled.');
    if (this.mail.enabled) {
      await this.mail.enqueue(tx, { memberId, isUrgent: true });
      return { delivery: 'mail', link: null, expiresAt: null };
    }
    const { token, expiresAt } = await this.resets.issue(tx, memberId);
    return {
      delivery: 'link',
      link: linkTo(base, 'password-reset', token),
      expiresAt: expiresAt.toISOString(),
    };
  }
}
