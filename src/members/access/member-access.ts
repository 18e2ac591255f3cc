import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/index.js';
import { AppError, Conflict, NotFound } from '../../platform/errors/index.js';
import type { Principal } from '../../platform/http/index.js';
import { assertWithinOwnGrants, ResourceRegistry, Role } from '../../roles/index.js';
import { Member } from '../member.entity.js';

/** Whose way into the house others may change. */
@Injectable()
export class MemberAccess {
  constructor(private readonly registry: ResourceRegistry) {}

  /**
   * The member, which nobody else changes until the transaction ends.
   * @throws NotFound; PERMISSION_DENIED for an operator where the principal is none
   */
  async open(tx: Transaction, principal: Principal, id: string): Promise<Member> {
    const { organizationId } = principal;
    const member = await tx.findOne(Member, {
      where: { id, organizationId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!member) throw new NotFound();
    if (member.operator && !(principal.kind === 'member' && principal.operator)) {
      throw new AppError('PERMISSION_DENIED', 'Operators alone may change an operator.', {
        details: { required: 'operator' },
      });
    }
    return member;
  }

  /**
   * The same, where the principal could come to sign in as that member by it: it must hold what the member has.
   * Nobody does it to themselves: an open session alone must not be enough to take a member over.
   * @throws what `open` throws; Conflict for oneself; ExceedsOwnGrants
   */
  async openToLetIn(tx: Transaction, principal: Principal, id: string): Promise<Member> {
    const member = await this.open(tx, principal, id);
    if (member.id === principal.id) throw new Conflict('Change what is your own under /api/v1/me.');
    const { grants } = await tx.findOneByOrFail(Role, { id: member.roleId });
    assertWithinOwnGrants(principal, { grants }, this.registry);
    return member;
  }
}
