import type { Transaction } from '../platform/database/index.js';
import type { Level } from '../platform/http/index.js';
import type { Grants } from './grants.js';

/** A key that has a role. */
export interface KeyWithRole {
  /** `key_…`. */
  readonly id: string;
  readonly name: string;
}

/** A key that may authenticate now, with what else limits it beside its role. */
export interface ActiveKeyWithRole extends KeyWithRole {
  /** The key's own narrowing; null where it has none. */
  readonly permissions: Grants | null;
  /** The highest level that its organization's plan allows. */
  readonly cap: Level;
}

/** What roles need to know of keys, which stand on a higher floor: who has a role. */
export abstract class RoleUsage {
  /** The number of keys with that role (UUID), revoked ones too, and the first few of them. */
  abstract keysWith(tx: Transaction, roleId: string): Promise<{ count: number; first: KeyWithRole[] }>;

  /** The number of keys with that role that are active by the database clock, and the newest few of them. */
  abstract activeKeysWith(
    tx: Transaction,
    roleId: string,
  ): Promise<{ count: number; first: ActiveKeyWithRole[] }>;
}
