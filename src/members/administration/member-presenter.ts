import type { Transaction } from '../../platform/database/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import type { MemberStatus } from './member.input.js';
import type { MemberResponse } from './member.response.js';

interface MemberRow {
  readonly id: string;
  readonly organizationId: string;
  readonly email: string;
  readonly name: string;
  readonly status: MemberStatus;
  readonly operator: boolean;
  readonly roleId: string;
  readonly roleName: string;
  readonly lastSignInAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const SELECT_MEMBERS = `
SELECT m.id, m.organization_id AS "organizationId", m.email, m.name, m.status, m.operator, r.id AS "roleId", r.name AS "roleName",
  a.last_sign_in_at AS "lastSignInAt", m.created_at AS "createdAt", m.updated_at AS "updatedAt"
FROM members m
JOIN roles r ON r.id = m.role_id
LEFT JOIN member_activity a ON a.member_id = m.id
WHERE m.id = ANY ($1)`;

/** Members as the API shows them, in the order of their UUIDs' list, by one statement. */
export async function presentMembers(tx: Transaction, ids: readonly string[]): Promise<MemberResponse[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<MemberRow[]>(SELECT_MEMBERS, [ids]);
  const byId = new Map(rows.map((row) => [row.id, present(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** One member, by its UUID, which exists. */
export async function presentMember(tx: Transaction, id: string): Promise<MemberResponse> {
  const [member] = await presentMembers(tx, [id]);
  if (!member) throw new Error('The member to be shown does not exist.');
  return member;
}

function present(row: MemberRow): MemberResponse {
  return {
    id: toPublicId('member', row.id),
    organizationId: toPublicId('organization', row.organizationId),
    email: row.email,
    name: row.name,
    role: { id: toPublicId('role', row.roleId), name: row.roleName },
    status: row.status,
    operator: row.operator,
    lastSignInAt: row.lastSignInAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
