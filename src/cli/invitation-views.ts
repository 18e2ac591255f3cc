import type { InvitationResponse, InvitationWithLinkResponse } from '../members/index.js';
import type { Page } from '../platform/http/lists/index.js';
import { facts, table, when } from './format.js';
import { pageText } from './given.js';

/** A page of invitations as columns. */
export function invitationsText(page: Page<InvitationResponse>): string {
  if (page.data.length === 0) return 'No invitation fits.';
  const rows = page.data.map((invitation) => [
    invitation.id,
    invitation.email,
    invitation.role?.name ?? 'deleted',
    invitation.status,
    invitation.delivery,
    when(invitation.expiresAt),
  ]);
  const columns = table(['ID', 'ADDRESS', 'ROLE', 'STATUS', 'BY', 'ENDS'], rows);
  return `${columns}\n\n${pageText('invitation', page)}`;
}

/** One invitation, a fact a line. */
export function invitationText(invitation: InvitationResponse): string {
  const { invitedBy, sentAt, acceptedAt } = invitation;
  return facts([
    ['Id', invitation.id],
    ['Address', invitation.email],
    ['Name', invitation.name ?? 'not given'],
    ['Role', invitation.role ? `${invitation.role.name} (${invitation.role.id})` : 'deleted'],
    ['Status', invitation.status],
    ['Invited', `${when(invitation.createdAt)} by ${invitedBy.type} ${invitedBy.id}`],
    [
      'Link',
      invitation.delivery === 'link' ? 'handed out' : sentAt ? `mailed ${when(sentAt)}` : 'to be mailed',
    ],
    acceptedAt ? ['Accepted', when(acceptedAt)] : ['Ends', when(invitation.expiresAt)],
  ]);
}

/** How the link reaches whom it is for. */
export function linkText({
  link,
  expiresAt,
}: Pick<InvitationWithLinkResponse, 'link' | 'expiresAt'>): string {
  const way =
    link === null
      ? 'A mail with the link is on its way.'
      : `The link, shown now and never again:\n\n  ${link}`;
  return `${way}\n\nIt works once and ends ${when(expiresAt)}.`;
}
