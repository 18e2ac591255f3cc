import { AppError } from '../../platform/errors/index.js';
import type { Principal } from '../../platform/http/index.js';
import { fromPublicId } from '../../platform/ids/index.js';
import type { Conditions } from './conditions.js';

/** What `organizationId` may be, beside an id: the rows that belong to none. */
export const NO_ORGANIZATION = 'none';

/** Whose rows are read: an organization's (UUID), or those that belong to none (null). */
export interface LogScope {
  readonly organizationId: string | null;
}

/**
 * Whose rows a principal asks for: its own organization's, or, as an operator, those of another one or of none.
 * @param asked a public id, or `none`; undefined: the own
 * @throws PERMISSION_DENIED
 */
export function logScopeOf(principal: Principal, asked: string | undefined): LogScope {
  const organizationId =
    asked === NO_ORGANIZATION ? null : (organizationOf(asked) ?? principal.organizationId);
  if (organizationId === principal.organizationId) return { organizationId };
  if (!isOperator(principal)) {
    throw new AppError('PERMISSION_DENIED', 'Operators alone read other organizations’ logs.', {
      details: { required: 'operator' },
    });
  }
  return { organizationId };
}

/** Whether a principal may see a row: one of its organization's; an operator any. */
export function maySee(principal: Principal, row: { readonly organization_id: string | null }): boolean {
  return row.organization_id === principal.organizationId || isOperator(principal);
}

export function addScope(conditions: Conditions, { organizationId }: LogScope): Conditions {
  return organizationId === null
    ? conditions.add('organization_id IS NULL')
    : conditions.add('organization_id = ?', organizationId);
}

function organizationOf(asked: string | undefined): string | undefined {
  return asked === undefined ? undefined : fromPublicId('organization', asked);
}

/** Whether a principal is one of the installation's operators. */
export function isOperator(principal: Principal): boolean {
  return principal.kind === 'member' && principal.operator;
}
