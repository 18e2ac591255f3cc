import type { Transaction } from '../platform/database/index.js';

/** A member who has a role. */
export interface MemberWithRole {
  /** `mem_…`. */
  readonly id: string;
  readonly name: string;
}

/** What roles need to know of members, who stand on a higher floor: who has a role. */
export abstract class RoleMembers {
  /** The number of members with that role (UUID), disabled ones too, and the first few of them. */
  abstract membersWith(tx: Transaction, roleId: string): Promise<{ count: number; first: MemberWithRole[] }>;
}
