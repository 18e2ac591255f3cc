import type { Transaction } from '../../platform/database/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import type { InvitationStatus } from './invitation.input.js';
import type { InvitationResponse } from './invitation.response.js';

/** What an invitation (`i`) is by the database clock. */
export const INVITATION_STATUS_SQL = `CASE WHEN i.accepted_at IS NOT NULL THEN 'accepted' WHEN i.expires_at <= gate_clock() THEN 'expired' ELSE 'pending' END`;

interface InvitationRow {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly roleId: string | null;
  readonly roleName: string | null;
  readonly status: InvitationStatus;
  readonly delivery: 'mail' | 'link';
  readonly sentAt: Date | null;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly invitedByType: 'key' | 'member' | 'system';
  readonly invitedById: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const SELECT_INVITATIONS = `
SELECT i.id, i.email, i.name, r.id AS "roleId", r.name AS "roleName", ${INVITATION_STATUS_SQL} AS status,
  i.delivery, i.sent_at AS "sentAt", i.expires_at AS "expiresAt", i.accepted_at AS "acceptedAt",
  i.invited_by_type AS "invitedByType", i.invited_by_id AS "invitedById",
  i.created_at AS "createdAt", i.updated_at AS "updatedAt"
FROM invitations i
LEFT JOIN roles r ON r.id = i.role_id
WHERE i.id = ANY ($1)`;

/** Invitations as the API shows them, in the order of their UUIDs' list, by one statement. */
export async function presentInvitations(
  tx: Transaction,
  ids: readonly string[],
): Promise<InvitationResponse[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<InvitationRow[]>(SELECT_INVITATIONS, [ids]);
  const byId = new Map(rows.map((row) => [row.id, present(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** One invitation, by its UUID, which exists. */
export async function presentInvitation(tx: Transaction, id: string): Promise<InvitationResponse> {
  const [invitation] = await presentInvitations(tx, [id]);
  if (!invitation) throw new Error('The invitation to be shown does not exist.');
  return invitation;
}

function present(row: InvitationRow): InvitationResponse {
  return {
    id: toPublicId('invitation', row.id),
    email: row.email,
    name: row.name,
    role: row.roleId === null ? null : { id: toPublicId('role', row.roleId), name: row.roleName ?? '' },
    status: row.status,
    delivery: row.delivery,
    sentAt: row.sentAt?.toISOString() ?? null,
    expiresAt: row.expiresAt.toISOString(),
    acceptedAt: row.acceptedAt?.toISOString() ?? null,
    invitedBy: { type: row.invitedByType, id: publicActorId(row) },
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function publicActorId({ invitedByType, invitedById }: InvitationRow): string {
  return invitedByType === 'system' ? invitedById : toPublicId(invitedByType, invitedById);
}
