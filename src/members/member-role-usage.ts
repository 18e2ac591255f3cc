import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
import { toPublicId } from '../platform/ids/index.js';
import type { MemberWithRole, RoleMembers } from '../roles/index.js';
import { Member } from './member.entity.js';

const SHOWN = 20;

/** Tells the roles which members have them. */
@Injectable()
export class MemberRoleUsage implements RoleMembers {
  async membersWith(tx: Transaction, roleId: string): Promise<{ count: number; first: MemberWithRole[] }> {
    const [members, count] = await tx.findAndCount(Member, {
      where: { roleId },
      order: { createdAt: 'DESC' },
      take: SHOWN,
    });
    return { count, first: members.map(({ id, name }) => ({ id: toPublicId('member', id), name })) };
  }
}
