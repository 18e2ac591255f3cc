import { takeTurn, type Transaction } from '../../platform/database/index.js';
import { AppError } from '../../platform/errors/index.js';
import { ADMIN_ROLE_ID } from '../admin-role.js';
import type { Member } from '../member.entity.js';

/** What a change leaves of a member; null where it is removed. */
export type Remainder = Pick<Member, 'roleId' | 'status'> | null;

/**
 * Lets one change of an organization's members be made after the other, until its transaction ends. To be taken
 * before any row is locked: of two administrators who remove each other the second then finds itself gone,
 * instead of each finding the other still there.
 */
export async function lockMembers(tx: Transaction, organizationId: string): Promise<void> {
  await takeTurn(tx, `members/${organizationId}`);
}

// Who administers can sign in: an address without a password is a name on a list.
const OF_ADMINS = `status = 'active' AND role_id = $2 AND password_hash IS NOT NULL`;

interface Standing {
  /** Whether the member is one of those whom the rule counts; null where there are none. */
  readonly counts: boolean | null;
  readonly others: boolean | null;
}

/**
 * An organization that has an active administrator with a password keeps one, and the installation keeps such an
 * operator. Under `lockMembers` of the member's organization.
 * @throws LastAdmin
 */
export async function assertAdminsRemain(tx: Transaction, member: Member, after: Remainder): Promise<void> {
  if (after?.status === 'active' && after.roleId === ADMIN_ROLE_ID) return;
  const ofOrganization = `SELECT bool_or(id = $1) AS counts, bool_or(id <> $1) AS others
    FROM members WHERE organization_id = $3 AND ${OF_ADMINS}`;
  const [admins] = await tx.query<Standing[]>(ofOrganization, [
    member.id,
    ADMIN_ROLE_ID,
    member.organizationId,
  ]);
  if (isLast(admins)) throw new LastAdmin('The organization would have no administrator left.');
  if (!member.operator) return;

  // Operators of several organizations: after the organization's own lock, in every transaction alike.
  await takeTurn(tx, 'operators');
  const [operators] = await tx.query<Standing[]>(
    `SELECT bool_or(id = $1) AS counts, bool_or(id <> $1) AS others FROM members WHERE operator AND ${OF_ADMINS}`,
    [member.id, ADMIN_ROLE_ID],
  );
  if (isLast(operators)) throw new LastAdmin('The installation would have no operator left.');
}

const isLast = (standing: Standing | undefined): boolean =>
  standing?.counts === true && standing.others !== true;

/** 409: somebody must remain who can let others in. */
export class LastAdmin extends AppError {
  constructor(publicMessage: string) {
    super('LAST_ADMIN', publicMessage);
  }
}
