import type { ResourceDeclaration } from '../platform/http/index.js';
import type { Grants } from './grants.js';

/** A ready-made set of grants on one resource. */
export interface Policy {
  readonly name: string;
  readonly grants: Grants;
}

/** The policies that a resource offers: to read it, and, where more can be granted, all of it. */
export function policiesOf({ name, label, highest }: ResourceDeclaration): Policy[] {
  const readOnly: Policy = { name: `${label} Read-only`, grants: { [name]: 'read' } };
  if (highest === 'read') return [readOnly];
  return [readOnly, { name: `${label} Full Access`, grants: { [name]: highest } }];
}
