import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { type Actor, Database, type Transaction } from '../../platform/database/index.js';
import { defineJob, Jobs } from '../../platform/jobs/index.js';
import { type Mail, Mailer } from '../../platform/mail/index.js';
import { Organization } from '../../tenants/index.js';
import { baseOfInstallation, linkTo } from '../links.js';
import { InvitationTokens } from './invitation-tokens.js';
import { Invitation } from './invitation.entity.js';

const ACTOR: Actor = { type: 'system', id: 'invitation-mail' };

interface Payload {
  /** UUID. */
  readonly invitationId: string;
}

/**
 * Mails the links of invitations. The token is made when the mail is, so that the queue never holds one; a mail
 * that is tried again has a new one, and the link that was mailed last is the one that works.
 */
@Injectable()
export class InvitationMail implements OnModuleInit {
  private readonly task = defineJob<Payload>({
    name: 'members.mail-invitation',
    run: ({ invitationId }) => this.mail(invitationId),
  });

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly mailer: Mailer,
    private readonly tokens: InvitationTokens,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this.task);
  }

  /** Whether links are mailed; without a mail server whoever invites hands them out. */
  get enabled(): boolean {
    return this.mailer.enabled;
  }

  /** Has the link mailed once the caller's transaction is committed. */
  async enqueue(tx: Transaction, invitationId: string): Promise<void> {
    await this.jobs.enqueue(tx, this.task, { invitationId }, { key: invitationId });
  }

  private async mail(invitationId: string): Promise<void> {
    const prepared = await this.database.write({ actor: ACTOR }, (tx) => this.prepare(tx, invitationId));
    if (!prepared) return;
    await this.mailer.send(prepared.mail);
    // Not where it was renewed meanwhile: what was sent is no good then, and another mail is on its way.
    const sent = { id: invitationId, tokenDigest: prepared.digest };
    await this.database.write({ actor: ACTOR }, (tx) =>
      tx.update(Invitation, sent, { sentAt: () => 'gate_clock()', updatedAt: () => 'now()' }),
    );
  }

  /** The mail with a new token; undefined where the invitation is gone, accepted or past its end. */
  private async prepare(tx: Transaction, id: string): Promise<{ mail: Mail; digest: Buffer } | undefined> {
    const invitation = await tx
      .createQueryBuilder(Invitation, 'i')
      .where('i.id = :id AND i.accepted_at IS NULL AND i.expires_at > gate_clock()', { id })
      .setLock('pessimistic_write')
      .getOne();
    if (!invitation) return undefined;
    const { token, digest, masterId } = this.tokens.make();
    await tx.update(Invitation, { id }, { tokenDigest: digest, masterId, updatedAt: () => 'now()' });
    const { name } = await tx.findOneByOrFail(Organization, { id: invitation.organizationId });
    const link = linkTo(baseOfInstallation(this.config), 'invitation', token);
    return { mail: mailOf(invitation, name, link), digest };
  }
}

function mailOf({ email, name, expiresAt }: Invitation, organization: string, link: string): Mail {
  const until = `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return {
    to: email,
    subject: `You are invited to ${organization}`,
    text: [
      name === null ? 'Hello,' : `Hello ${name},`,
      '',
      `you are invited to join ${organization}. Choose a password here:`,
      '',
      link,
      '',
      `The link works once, until ${until}. Whoever has it can use it: do not pass it on.`,
      'If you did not expect this mail, there is nothing to do.',
      '',
    ].join('\n'),
  };
}
