import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { type Actor, Database, type Transaction } from '../../platform/database/index.js';
import { defineJob, Jobs } from '../../platform/jobs/index.js';
import { type Mail, Mailer } from '../../platform/mail/index.js';
import { baseOfInstallation, linkTo } from '../links.js';
import { Member } from '../member.entity.js';
import { PasswordResets } from './password-resets.js';

const ACTOR: Actor = { type: 'system', id: 'password-reset-mail' };
/** About an hour: whoever asked does not wait any longer. */
const MOST_TRIES = 8;
/** Seconds: asking again and again fills nobody's mailbox, and voids no link that is on its way. */
const PAUSE_SECONDS = 300;

interface Payload {
  /** UUID; null where a stranger asked for an address that nobody has. */
  readonly memberId: string | null;
  /** Asked for by an administrator, who waits for nothing. */
  readonly isUrgent: boolean;
}

/**
 * Mails links for a new password. The token is made when the mail is, so that the queue never holds one; a mail
 * that is tried again has a new one, and the link that was mailed last is the one that works.
 */
@Injectable()
export class ResetMail implements OnModuleInit {
  private readonly task = defineJob<Payload>({
    name: 'members.mail-password-reset',
    run: async (payload, { attempt }) => {
      if (attempt <= MOST_TRIES) await this.mail(payload);
    },
  });

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly mailer: Mailer,
    private readonly resets: PasswordResets,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this.task);
  }

  /** Whether links are mailed; without a mail server an administrator makes them and hands them out. */
  get enabled(): boolean {
    return this.mailer.enabled;
  }

  /** Has a link mailed once the caller's transaction is committed. Costs the same where it is nobody's. */
  async enqueue(tx: Transaction, payload: Payload): Promise<void> {
    // Under keys of their own: a stranger who asks does not take the place of a mail that an administrator has asked for.
    const asked = payload.isUrgent ? 'urgent' : 'asked';
    await this.jobs.enqueue(tx, this.task, payload, { key: `${asked}/${payload.memberId ?? 'nobody'}` });
  }

  private async mail({ memberId, isUrgent }: Payload): Promise<void> {
    if (memberId === null) return;
    const mail = await this.database.write({ actor: ACTOR }, (tx) => this.prepare(tx, memberId, isUrgent));
    if (!mail) return;
    await this.mailer.send(mail);
    await this.database.query('UPDATE password_resets SET sent_at = gate_clock() WHERE member_id = $1', [
      memberId,
    ]);
  }

  /** The mail with a new token; undefined where there is nobody to mail it to, or one was mailed just now. */
  private async prepare(tx: Transaction, memberId: string, isUrgent: boolean): Promise<Mail | undefined> {
    const member = await tx.findOne(Member, {
      where: { id: memberId, status: 'active' },
      lock: { mode: 'pessimistic_write' },
    });
    if (!member) return undefined;
    if (!isUrgent && (await wasMailedJustNow(tx, memberId))) return undefined;
    const { token, expiresAt } = await this.resets.issue(tx, memberId);
    return mailOf(member, linkTo(baseOfInstallation(this.config), 'password-reset', token), expiresAt);
  }
}

async function wasMailedJustNow(tx: Transaction, memberId: string): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    'SELECT 1 FROM password_resets WHERE member_id = $1 AND sent_at > gate_clock() - make_interval(secs => $2)',
    [memberId, PAUSE_SECONDS],
  );
  return rows.length > 0;
}

function mailOf({ email, name }: Member, link: string, expiresAt: Date): Mail {
  const until = `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return {
    to: email,
    subject: 'A new password for Gatehouse',
    text: [
      `Hello ${name},`,
      '',
      'somebody asked for a new password for this address. Choose one here:',
      '',
      link,
      '',
      `The link works once, until ${until}. Whoever has it can use it: do not pass it on.`,
      'If it was not you, there is nothing to do: your password stays as it is.',
      '',
    ].join('\n'),
  };
}
