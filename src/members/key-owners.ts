import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { type KeyOwner, KeyOwners } from '../keys/index.js';
import type { Transaction } from '../platform/database/index.js';
import { Member } from './member.entity.js';

/** Tells the keys who their owners are. */
@Injectable()
export class MemberKeyOwners implements KeyOwners {
  async named(tx: Transaction, ids: readonly string[]): Promise<KeyOwner[]> {
    if (ids.length === 0) return [];
    return tx.find(Member, { where: { id: In([...ids]) }, select: { id: true, name: true } });
  }

  async isActiveMember(tx: Transaction, organizationId: string, memberId: string): Promise<boolean> {
    const member = await tx.findOne(Member, {
      where: { id: memberId, organizationId, status: 'active' },
      lock: { mode: 'for_key_share' },
    });
    return member !== null;
  }
}
