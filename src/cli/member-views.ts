import type { MemberResponse } from '../members/index.js';
import type { Page } from '../platform/http/lists/index.js';
import { facts, table, when } from './format.js';
import { pageText } from './given.js';

/** A page of members as columns. */
export function membersText(page: Page<MemberResponse>): string {
  if (page.data.length === 0) return 'No member fits.';
  const rows = page.data.map((member) => [
    member.id,
    member.email,
    member.name,
    member.operator ? `${member.role.name}, operator` : member.role.name,
    member.status,
    member.organizationId,
    signedIn(member),
  ]);
  const headings = ['ID', 'ADDRESS', 'NAME', 'ROLE', 'STATUS', 'ORGANIZATION', 'LAST SIGN-IN'];
  return `${table(headings, rows)}\n\n${pageText('member', page)}`;
}

/** One member, a fact a line. */
export function memberText(member: MemberResponse): string {
  return facts([
    ['Id', member.id],
    ['Address', member.email],
    ['Name', member.name],
    ['Role', `${member.role.name} (${member.role.id})`],
    ['Status', member.status],
    ['Operator', member.operator ? 'yes' : 'no'],
    ['Organization', member.organizationId],
    ['Last sign-in', signedIn(member)],
  ]);
}

const signedIn = ({ lastSignInAt }: MemberResponse) => (lastSignInAt === null ? 'never' : when(lastSignInAt));
