import type { Grants } from '../roles/index.js';

/** What is true of a member now: one snapshot of member, role and organization. */
export interface MemberFacts {
  readonly memberId: string;
  readonly email: string;
  readonly memberName: string;
  readonly operator: boolean;
  readonly memberStatus: 'active' | 'disabled';
  readonly roleId: string;
  readonly roleName: string;
  /** A bigint's text. */
  readonly roleVersion: string;
  readonly grants: Grants;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly organizationStatus: 'active' | 'suspended';
}

/** The columns of MemberFacts, for a statement that has members as `m` and joins MEMBER_JOINS. */
export const MEMBER_COLUMNS = `
  m.id AS "memberId", m.email, m.name AS "memberName", m.operator, m.status AS "memberStatus",
  r.id AS "roleId", r.name AS "roleName", r.version::text AS "roleVersion", r.grants,
  o.id AS "organizationId", o.name AS "organizationName", o.status AS "organizationStatus"`;

export const MEMBER_JOINS = `
  JOIN roles r ON r.id = m.role_id
  JOIN organizations o ON o.id = m.organization_id`;

/** A suspended organization keeps its members out; operators get in, or nobody could lift the suspension. */
export function isShutOut(facts: MemberFacts): boolean {
  return facts.organizationStatus === 'suspended' && !facts.operator;
}
