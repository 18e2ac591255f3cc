import type { Transaction } from '../platform/database/index.js';

/** A member who may answer for keys. */
export interface KeyOwner {
  /** UUID. */
  readonly id: string;
  readonly name: string;
}

/** What keys need to know of members, who stand above them; the members answer. */
export abstract class KeyOwners {
  /** The members with these UUIDs, whatever their status; those who are gone are absent. */
  abstract named(tx: Transaction, ids: readonly string[]): Promise<KeyOwner[]>;

  /**
   * Whether a member is an active one of an organization. Nobody deletes it before the transaction ends, so that it
   * can be given a key.
   */
  abstract isActiveMember(tx: Transaction, organizationId: string, memberId: string): Promise<boolean>;
}
