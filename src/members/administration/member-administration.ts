import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/index.js';
import { AppError, NotFound } from '../../platform/errors/index.js';
import { Events } from '../../platform/events/index.js';
import { assertMatches, etagOf } from '../../platform/http/etag.js';
import type { Principal } from '../../platform/http/index.js';
import { Member } from '../member.entity.js';
import { Sessions } from '../sessions.js';
import { AssignableRoles } from './assignable-roles.js';
import { assertAdminsRemain, lockMembers } from './last-admin.js';
import type { UpdateMemberInput } from './member.input.js';
import { presentMember } from './member-presenter.js';
import { type MemberResponse, UNVERSIONED_MEMBER_FIELDS } from './member.response.js';

/** Who changes a member, and which version of it they mean. */
export interface MemberChange {
  /** Null for whoever runs the installation, at the command line: nothing exceeds own grants there. */
  readonly by: Principal | null;
  readonly ifMatch?: string;
}

/** What is done to members by others: changed, disabled, deleted. Every step runs in the caller's transaction. */
@Injectable()
export class MemberAdministration {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly sessions: Sessions,
    private readonly roles: AssignableRoles,
  ) {}

  /** @throws NotFound */
  async get(organizationId: string, id: string): Promise<MemberResponse> {
    const found = await this.database.manager.existsBy(Member, { id, organizationId });
    if (!found) throw new NotFound();
    return presentMember(this.database.manager, id);
  }

  /**
   * Changes the given fields. Whoever is disabled has no session any more.
   * @throws NotFound, PreconditionFailed, InvalidInput for a role that is none; PERMISSION_DENIED for an operator
   *   where `by` is none; ExceedsOwnGrants for a role given, taken or given back by enabling; LastAdmin
   */
  async update(
    tx: Transaction,
    organizationId: string,
    id: string,
    input: UpdateMemberInput,
    change: MemberChange,
  ): Promise<MemberResponse> {
    const member = await this.open(tx, organizationId, id, change);
    const { name = member.name, status = member.status } = input;
    const roleId =
      input.roleId === undefined
        ? member.roleId
        : (await this.roles.find(tx, organizationId, input.roleId)).id;
    const isSame = name === member.name && status === member.status && roleId === member.roleId;
    if (isSame) return presentMember(tx, id);

    const isEnabled = status === 'active' && member.status !== 'active';
    if (roleId !== member.roleId || isEnabled) {
      await this.roles.assertMayGive(tx, change.by, member.roleId);
      await this.roles.assertMayGive(tx, change.by, roleId);
    }
    await assertAdminsRemain(tx, member, { roleId, status });
    await tx.update(Member, { id }, { name, status, roleId, updatedAt: () => 'now()' });
    const isDisabled = status === 'disabled' && member.status !== 'disabled';
    if (isDisabled) await this.sessions.endAll(tx, id);
    const view = await presentMember(tx, id);
    await this.emit(tx, organizationId, isDisabled ? 'member.disabled' : 'member.updated', view);
    return view;
  }

  /**
   * Removes a member with its sessions. What they made stays; the logs keep the name.
   * @throws NotFound, PreconditionFailed, PERMISSION_DENIED for an operator where `by` is none, LastAdmin
   */
  async delete(tx: Transaction, organizationId: string, id: string, change: MemberChange): Promise<void> {
    const member = await this.open(tx, organizationId, id, change);
    await assertAdminsRemain(tx, member, null);
    const view = await presentMember(tx, id);
    await tx.delete(Member, { id });
    await this.emit(tx, organizationId, 'member.deleted', view);
  }

  /** The member, which nobody else changes until the transaction ends. */
  private async open(
    tx: Transaction,
    organizationId: string,
    id: string,
    { by, ifMatch }: MemberChange,
  ): Promise<Member> {
    // The API has taken it already, before it looked at the actor again; taking it twice is once.
    await lockMembers(tx, organizationId);
    const member = await tx.findOne(Member, {
      where: { id, organizationId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!member) throw new NotFound();
    assertMatches(ifMatch, etagOf(await presentMember(tx, id), UNVERSIONED_MEMBER_FIELDS));
    if (member.operator && by !== null && !(by.kind === 'member' && by.operator)) {
      throw new AppError('PERMISSION_DENIED', 'Operators alone may change an operator.', {
        details: { required: 'operator' },
      });
    }
    return member;
  }

  private async emit(
    tx: Transaction,
    organizationId: string,
    type: string,
    { lastSignInAt: _, ...member }: MemberResponse,
  ): Promise<void> {
    await this.events.emit(tx, { type, organizationId, storeId: null, subjectId: member.id, data: member });
  }
}
