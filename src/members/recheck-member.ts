import type { Transaction } from '../platform/database/index.js';
import type { MemberPrincipal } from '../platform/http/index.js';
import { MEMBER_COLUMNS, MEMBER_JOINS, type MemberFacts } from './member-facts.js';

// Setting a password ends the sessions in the transaction that updates the member: with the member locked, a
// session that is still there stays valid until this transaction ends.
const FACTS_OF_SESSION = `
SELECT ${MEMBER_COLUMNS}
FROM sessions s JOIN members m ON m.id = s.member_id ${MEMBER_JOINS}
WHERE s.id = $1`;

/**
 * Locks what a member's rights hang on (organization, role, member, in the order that everybody keeps) against
 * change until the transaction ends, then reads it anew.
 * @returns what is true now, or undefined where the member or its session is gone
 */
export async function lockMember(
  tx: Transaction,
  principal: MemberPrincipal,
): Promise<MemberFacts | undefined> {
  await tx.query('SELECT 1 FROM organizations WHERE id = $1 FOR SHARE', [principal.organizationId]);
  await lockRole(tx, principal.roleId);
  const [member] = await tx.query<{ roleId: string }[]>(
    'SELECT role_id AS "roleId" FROM members WHERE id = $1 FOR SHARE',
    [principal.id],
  );
  // A role given in the meantime is locked late and out of order; PostgreSQL resolves the rare deadlock.
  if (member && member.roleId !== principal.roleId) await lockRole(tx, member.roleId);
  const [facts] = await tx.query<MemberFacts[]>(FACTS_OF_SESSION, [principal.sessionId]);
  return facts;
}

async function lockRole(tx: Transaction, roleId: string): Promise<void> {
  await tx.query('SELECT 1 FROM roles WHERE id = $1 FOR SHARE', [roleId]);
}
