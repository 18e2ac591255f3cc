import type { Transaction } from './database.js';

/**
 * Waits until no other transaction has this turn, and has it until its own one ends. For what is counted or looked at
 * before it is written, where two at once would both see the last place.
 * @param name whose turn it is, e.g. `webhooks/<organization>`: names meet in the whole database
 */
export async function takeTurn(tx: Transaction, name: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
}
