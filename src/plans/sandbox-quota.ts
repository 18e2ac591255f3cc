import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
import { StoreContents } from '../tenants/index.js';

// gate_admit holds the store's ledger row while it admits: with the row locked nobody adds to what is cleared.
// Its keys are found by their table's name, as gate_admit finds them: keys stand on a higher floor.
const RESET_LEDGERS = `
WITH own AS MATERIALIZED (
  SELECT subject FROM quota_ledger WHERE subject = $1 FOR NO KEY UPDATE
), reset AS (
  UPDATE quota_ledger l SET hour_used = 0, day_used = 0
  FROM (SELECT subject FROM own UNION ALL SELECT id FROM keys, own WHERE store_id = $1) AS s
  WHERE l.subject = s.subject
  RETURNING 1
)
SELECT count(*)::integer AS cleared FROM reset`;

const FORGET_POLLING = `
WITH gone AS (
  DELETE FROM polling_gate WHERE key_id IN (SELECT id FROM keys WHERE store_id = $1) RETURNING 1
)
SELECT count(*)::integer AS cleared FROM gone`;

/** Lets the quota of a sandbox that is reset begin anew, and forgets when its keys last asked what. */
@Injectable()
export class SandboxQuota implements OnModuleInit {
  constructor(private readonly contents: StoreContents) {}

  onModuleInit(): void {
    // In this order: who has the ledger row may touch the marks.
    this.contents.register({ name: 'quota', last: true, clear: clearWith(RESET_LEDGERS) });
    this.contents.register({ name: 'pollingMarks', last: true, clear: clearWith(FORGET_POLLING) });
  }
}

function clearWith(statement: string) {
  return async (tx: Transaction, storeId: string): Promise<number> => {
    const [row] = await tx.query<{ cleared: number }[]>(statement, [storeId]);
    return row?.cleared ?? 0;
  };
}
