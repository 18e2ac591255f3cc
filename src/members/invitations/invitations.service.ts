import { Injectable } from '@nestjs/common';
import { isEmail } from 'class-validator';
import { type Actor, type Transaction, violatedConstraint } from '../../platform/database/index.js';
import { Conflict, InvalidInput, NotFound } from '../../platform/errors/index.js';
import { Events } from '../../platform/events/index.js';
import { assertMatches, etagOf } from '../../platform/http/etag.js';
import type { Principal } from '../../platform/http/index.js';
import { newUuid, toPublicId } from '../../platform/ids/index.js';
import { AssignableRoles } from '../administration/assignable-roles.js';
import { EMAIL_MAX_LENGTH, normalizeEmail } from '../email.js';
import { linkTo } from '../links.js';
import { Member } from '../member.entity.js';
import { InvitationMail } from './invitation-mail.js';
import { presentInvitation } from './invitation-presenter.js';
import { InvitationTokens } from './invitation-tokens.js';
import { Invitation } from './invitation.entity.js';
import type { CreateInvitationInput } from './invitation.input.js';
import { type InvitationWithLinkResponse, UNVERSIONED_INVITATION_FIELDS } from './invitation.response.js';

/** How long a link works. */
const ENDS = `gate_clock() + interval '7 days'`;

/** Who invites. */
export interface Inviter {
  readonly actor: Actor;
  /** Null for whoever runs the installation, at the command line: nothing exceeds own grants there. */
  readonly by: Principal | null;
  /** The installation's address, for the link. */
  readonly base: string;
}

/** Invitations of an organization: made, renewed, deleted. Every step runs in the caller's transaction. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly events: Events,
    private readonly roles: AssignableRoles,
    private readonly tokens: InvitationTokens,
    private readonly mail: InvitationMail,
  ) {}

  /** Whether answers hold a link, which is a secret: where no mail server is configured. */
  get showsLinks(): boolean {
    return !this.mail.enabled;
  }

  /**
   * Invites an address to a role. The link is mailed, or else in the answer and nowhere else.
   * @throws InvalidInput for what is no address or no role; ExceedsOwnGrants; Conflict for the address of a member,
   *   or one that has an open invitation of the organization, with its id
   */
  async create(
    tx: Transaction,
    organizationId: string,
    input: CreateInvitationInput,
    inviter: Inviter,
  ): Promise<InvitationWithLinkResponse> {
    const email = normalizeEmail(input.email);
    if (email.length > EMAIL_MAX_LENGTH || !isEmail(email)) {
      throw new InvalidInput([{ field: 'email', reason: 'must be an e-mail address' }]);
    }
    const role = await this.roles.find(tx, organizationId, input.roleId);
    await this.roles.assertMayGive(tx, inviter.by, role.id);
    await assertNoMember(tx, email);
    await makeRoom(tx, organizationId, email);
    const id = newUuid();
    const { token, ...stored } = this.secretOf();
    const invitation = {
      id,
      organizationId,
      roleId: role.id,
      email,
      name: input.name ?? null,
      invitedByType: inviter.actor.type === 'database' ? 'system' : inviter.actor.type,
      invitedById: inviter.actor.id,
      expiresAt: () => ENDS,
      ...stored,
    } as const;
    try {
      await tx.insert(Invitation, invitation);
    } catch (error) {
      if (violatedConstraint(error) === 'invitations_one_open') throw alreadyInvited();
      throw error;
    }
    if (token === null) await this.mail.enqueue(tx, id);
    const view = await presentInvitation(tx, id);
    await this.events.emit(tx, {
      type: 'member.invited',
      organizationId,
      storeId: null,
      subjectId: view.id,
      data: { ...view },
    });
    return { ...view, link: token === null ? null : linkTo(inviter.base, 'invitation', token) };
  }

  /**
   * A new link with a new end; the old one stops working at once. Whoever renews gives the role away anew.
   * @throws NotFound, ExceedsOwnGrants; Conflict where it was accepted, its role is gone, or the address is taken
   */
  async renew(
    tx: Transaction,
    organizationId: string,
    id: string,
    inviter: Omit<Inviter, 'actor'>,
  ): Promise<InvitationWithLinkResponse> {
    const invitation = await locked(tx, organizationId, id);
    if (invitation.acceptedAt) throw new Conflict('The invitation was accepted.');
    if (invitation.roleId === null) throw new Conflict('The role of the invitation is gone: invite anew.');
    await this.roles.assertMayGive(tx, inviter.by, invitation.roleId);
    await assertNoMember(tx, invitation.email);
    const { token, ...stored } = this.secretOf();
    await tx.update(
      Invitation,
      { id },
      { ...stored, sentAt: null, expiresAt: () => ENDS, updatedAt: () => 'now()' },
    );
    if (token === null) await this.mail.enqueue(tx, id);
    const view = await presentInvitation(tx, id);
    return { ...view, link: token === null ? null : linkTo(inviter.base, 'invitation', token) };
  }

  /** Removes an invitation; its link stops working. @throws NotFound, PreconditionFailed */
  async delete(
    tx: Transaction,
    organizationId: string,
    id: string,
    ifMatch: string | undefined,
  ): Promise<void> {
    await locked(tx, organizationId, id);
    assertMatches(ifMatch, etagOf(await presentInvitation(tx, id), UNVERSIONED_INVITATION_FIELDS));
    await tx.delete(Invitation, { id });
  }

  /** A token to show; none where the mail will get its own. */
  private secretOf(): {
    token: string | null;
    tokenDigest: Buffer | null;
    masterId: string | null;
    delivery: Invitation['delivery'];
  } {
    if (this.mail.enabled) return { token: null, tokenDigest: null, masterId: null, delivery: 'mail' };
    const { token, digest, masterId } = this.tokens.make();
    return { token, tokenDigest: digest, masterId, delivery: 'link' };
  }
}

async function locked(tx: Transaction, organizationId: string, id: string): Promise<Invitation> {
  const invitation = await tx.findOne(Invitation, {
    where: { id, organizationId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!invitation) throw new NotFound();
  return invitation;
}

/** One person, one address, in the whole installation. The words are the same whoever has it. */
async function assertNoMember(tx: Transaction, email: string): Promise<void> {
  if (await tx.existsBy(Member, { email })) {
    throw new Conflict('A member with this e-mail address exists already.');
  }
}

/** An ended invitation gives way to a new one; an open one does not. @throws Conflict */
async function makeRoom(tx: Transaction, organizationId: string, email: string): Promise<void> {
  await tx.query(
    `DELETE FROM invitations
     WHERE organization_id = $1 AND email = $2 AND accepted_at IS NULL AND expires_at <= gate_clock()`,
    [organizationId, email],
  );
  const [open] = await tx.query<{ id: string }[]>(
    'SELECT id FROM invitations WHERE organization_id = $1 AND email = $2 AND accepted_at IS NULL',
    [organizationId, email],
  );
  if (open) throw alreadyInvited({ id: toPublicId('invitation', open.id) });
}

const alreadyInvited = (details?: { id: string }) =>
  new Conflict('The address has an open invitation: renew that, or delete it first.', details);
