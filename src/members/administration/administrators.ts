import type { Transaction } from '../../platform/database/index.js';
import { ADMIN_ROLE_ID } from '../admin-role.js';
import { Member } from '../member.entity.js';

const MOST = 50;

/** The active members who administer an organization (UUID), the oldest first, fifty at most: whoever is written to. */
export function administratorsOf(
  tx: Transaction,
  organizationId: string,
): Promise<Pick<Member, 'id' | 'email' | 'name'>[]> {
  return tx.find(Member, {
    select: { id: true, email: true, name: true },
    where: { organizationId, roleId: ADMIN_ROLE_ID, status: 'active' },
    order: { createdAt: 'ASC', id: 'ASC' },
    take: MOST,
  });
}
