import type { Transaction } from '../platform/database/index.js';

/** A key that has a role. */
export interface KeyWithRole {
  /** `key_…`. */
  readonly id: string;
  readonly name: string;
}

/** What roles need to know of keys, which stand on a higher floor: who has a role. */
export abstract class RoleUsage {
  /** The number of keys with that role (UUID), revoked ones too, and the first few of them. */
  abstract keysWith(tx: Transaction, roleId: string): Promise<{ count: number; first: KeyWithRole[] }>;
}
