import type { Transaction } from '../../platform/database/index.js';

/** Rows that must stay, whatever their age: those of which everything given here is so. One that gives nothing holds all. */
export interface Hold {
  /** The first moment. */
  readonly from?: Date;
  /** The moment after the last. */
  readonly to?: Date;
  /** UUIDs. A change is of a key or member where it changes it, or was made by it. */
  readonly organizationId?: string;
  readonly storeId?: string;
  readonly keyId?: string;
  readonly memberId?: string;
}

/**
 * What the logs need to know of holds, which stand on a higher floor: the rules by which rows are held. Purges and
 * erasures give them to the database as one condition; no row is asked for by itself. Nothing is held where nobody
 * implements it.
 */
export abstract class RetentionHold {
  /**
   * The holds in force that may concern rows from one moment up to another.
   * @param tx the transaction of the purge or erasure, after `takeTurnWithPurges`
   */
  abstract of(tx: Transaction, from: Date, to: Date): Promise<readonly Hold[]>;
}

/**
 * Whoever sets a hold calls this first in the same transaction: what the hold names is either purged before it, and
 * it can see so, or is kept. Waits for a purge that is under way.
 */
export async function takeTurnWithPurges(tx: Transaction): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('audit_retention'), 0)`);
}

/** Holds as the functions of the database take them. */
export function holdsJson(holds: readonly Hold[]): string {
  return JSON.stringify(
    holds.map(({ from, to, organizationId, storeId, keyId, memberId }) => ({
      from: from?.toISOString(),
      to: to?.toISOString(),
      organization: organizationId,
      store: storeId,
      key: keyId,
      member: memberId,
    })),
  );
}
