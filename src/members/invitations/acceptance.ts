import { Injectable } from '@nestjs/common';
import { type Actor, Database, type Transaction } from '../../platform/database/index.js';
import { AppError, InvalidInput } from '../../platform/errors/index.js';
import { Events } from '../../platform/events/index.js';
import { FailedAttempts, type MemberPrincipal, type RequestContext } from '../../platform/http/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { presentMember } from '../administration/member-presenter.js';
import { MEMBER_COLUMNS, MEMBER_JOINS, type MemberFacts } from '../member-facts.js';
import { MemberPrincipals } from '../member-principals.js';
import { OrganizationSuspended } from '../members.errors.js';
import { MembersService } from '../members.service.js';
import { InvitationTokens } from './invitation-tokens.js';
import { Invitation } from './invitation.entity.js';
import type { AcceptInvitationInput } from './invitation.input.js';

const ACTOR: Actor = { type: 'system', id: 'invitation' };

/** Makes members of those who hold the link of an open invitation. */
@Injectable()
export class Acceptance {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly failures: FailedAttempts,
    private readonly members: MembersService,
    private readonly principals: MemberPrincipals,
    private readonly tokens: InvitationTokens,
  ) {}

  /**
   * Uses the link up and adds the member. Every wrong token gets the same answer and counts against the address it
   * came from. Notes the member in the context, so that the log tells who it was; opens no session.
   * @throws InvitationInvalid; OrganizationSuspended; InvalidInput for the name or the password; Conflict where
   *   somebody has the address meanwhile; TooManyFailedAttempts
   */
  async accept(context: RequestContext, input: AcceptInvitationInput): Promise<MemberPrincipal> {
    this.failures.assertAllowed('invitation', context.ip);
    try {
      // Before the transaction, since it takes its time; and not before there is an invitation, or strangers would
      // keep the processor busy.
      const { email, name } = await this.invited(this.database.manager, input);
      const passwordHash = await this.members.hash(input.password, { email, name });
      const principal = await this.database.write({ actor: ACTOR, requestId: context.uuid }, (tx) =>
        this.join(tx, input, passwordHash),
      );
      context.principal = principal;
      return principal;
    } catch (error) {
      if (error instanceof InvitationInvalid) await this.failures.record('invitation', context.ip);
      throw error;
    }
  }

  private async join(tx: Transaction, input: AcceptInvitationInput, passwordHash: string) {
    const { id, ...invited } = await this.invited(tx, input, 'lock');
    const { organizationId } = invited;
    const memberId = await this.members.create(tx, { ...invited, passwordHash, operator: false });
    await tx.update(
      Invitation,
      { id },
      { acceptedAt: () => 'gate_clock()', tokenDigest: null, masterId: null, updatedAt: () => 'now()' },
    );
    const { lastSignInAt: _, ...member } = await presentMember(tx, memberId);
    await this.events.emit(tx, {
      type: 'member.joined',
      organizationId,
      storeId: null,
      subjectId: member.id,
      data: { ...member, invitationId: toPublicId('invitation', id) },
    });
    const [facts] = await tx.query<MemberFacts[]>(
      `SELECT ${MEMBER_COLUMNS} FROM members m ${MEMBER_JOINS} WHERE m.id = $1`,
      [memberId],
    );
    if (!facts) throw new Error('The member who has just joined is not there.');
    return this.principals.ofTransaction('', facts);
  }

  /**
   * Who joins what by a token, and is called how. With the lock, of two who hold one link the second finds it used.
   * @throws InvitationInvalid, OrganizationSuspended, InvalidInput where nobody has said a name
   */
  private async invited(tx: Transaction, input: AcceptInvitationInput, lock?: 'lock') {
    const { id, organizationId, roleId, email, ...invitation } = await this.open(tx, input.token, lock);
    if (roleId === null) throw new InvitationInvalid('role gone');
    await assertActive(tx, organizationId);
    const name = input.name ?? invitation.name;
    if (name === null) throw new InvalidInput([{ field: 'name', reason: 'is required' }]);
    return { id, organizationId, roleId, email, name };
  }

  /** The open invitation behind a token. */
  private async open(tx: Transaction, token: string, lock?: 'lock'): Promise<Invitation> {
    const digests = this.tokens.digests(token);
    if (digests.length === 0) throw new InvitationInvalid('malformed token');
    const query = tx
      .createQueryBuilder(Invitation, 'i')
      .where('i.token_digest IN (:...digests)', { digests })
      .andWhere('i.accepted_at IS NULL AND i.expires_at > gate_clock()');
    const invitation = await (lock ? query.setLock('pessimistic_write') : query).getOne();
    if (!invitation) throw new InvitationInvalid('no open invitation');
    return invitation;
  }
}

/** Holds the organization as it is: a suspension waits, or is seen. @throws OrganizationSuspended */
async function assertActive(tx: Transaction, organizationId: string): Promise<void> {
  const [organization] = await tx.query<{ status: string }[]>(
    'SELECT status FROM organizations WHERE id = $1 FOR SHARE',
    [organizationId],
  );
  if (organization?.status !== 'active') throw new OrganizationSuspended();
}

/** 404, one answer for every cause: who guesses learns nothing but that. The reason is for the log. */
export class InvitationInvalid extends AppError {
  constructor(reason: string) {
    super('INVITATION_INVALID', 'The invitation does not exist, was used, or has ended.', { reason });
  }
}
