import {
  type BatchHeader,
  headerCanonical,
  headerHash,
  NO_HASH,
} from '../../src/audit/evidence/batch-header.js';
import { isSignedBy, publicKeyOf } from '../../src/audit/evidence/ed25519.js';
import { merkleRoot } from '../../src/audit/evidence/merkle.js';
import { requestLeaf } from '../../src/audit/evidence/request-leaf.js';
import type { LogRow } from '../../src/audit/log-row.js';
import type { TestDatabase } from '../support/database.js';
import { anchorFaults } from './anchors.js';

type Asked = Pick<TestDatabase, 'sql'>;

/** What the evidence of the request log says of itself. */
export interface ChainFinding {
  readonly batches: number;
  readonly rows: number;
  /** How many checkpoints cover them, and the change log. */
  readonly checkpoints: number;
  /** Every place where it does not hold, in words. */
  readonly faults: readonly string[];
}

type Batch = Omit<BatchHeader, 'writer'> & { readonly signature: Buffer; readonly headerHash: Buffer };

type StoredRow = LogRow & { batch_no: number; position: number; salt: Buffer; leaf: Buffer };

const BATCHES_AT_ONCE = 500;

/**
 * Follows the chain of every lane from its first batch: numbers without gaps, each header names the one before it
 * and is signed, each row is where its batch says and hashes to its leaf. Every row has its batch. The same of the
 * change log, as far as it is sealed; and of the checkpoints over both.
 */
export async function followChains(database: Asked): Promise<ChainFinding> {
  const faults: string[] = [];
  const keys = new Map(
    (
      await database.sql<{ id: string; bytes: Buffer }>(
        'SELECT id, public_key AS bytes FROM audit_signing_keys',
      )
    ).map(({ id, bytes }) => [id, publicKeyOf(bytes)]),
  );
  const writers = await database.sql<{ writer: number; last: number }>(
    'SELECT writer, max(batch_no)::float8 AS last FROM audit_batches WHERE writer > 0 GROUP BY writer ORDER BY writer',
  );
  let batches = 0;
  let rows = 0;
  for (const { writer, last } of writers) {
    let before = NO_HASH;
    let expected = 1;
    for (let from = 1; from <= last; from += BATCHES_AT_ONCE) {
      const range = [writer, from, from + BATCHES_AT_ONCE - 1];
      const rowsOf = Map.groupBy(await storedRows(database, range), ({ batch_no }) => batch_no);
      for (const batch of await storedBatches(database, range)) {
        const place = `batch ${batch.batchNo} of writer ${writer}`;
        if (batch.batchNo !== expected) faults.push(`${place}: ${expected} should come first`);
        if (!batch.prevHash.equals(before)) faults.push(`${place} names another one before it`);
        const canonical = headerCanonical({ ...batch, writer });
        if (!batch.headerHash.equals(headerHash(canonical))) faults.push(`${place}: the header was altered`);
        const key = keys.get(batch.signingKey);
        if (!key || !isSignedBy(canonical, batch.signature, key)) faults.push(`${place} is not signed`);
        const own = rowsOf.get(batch.batchNo) ?? [];
        faults.push(...faultsOf(batch, own).map((fault) => `${place}: ${fault}`));
        before = batch.headerHash;
        expected = batch.batchNo + 1;
        batches += 1;
        rows += own.length;
      }
    }
  }
  const [all] = await database.sql<{ rows: number }>('SELECT count(*)::float8 AS rows FROM request_log');
  if (all?.rows !== rows) faults.push(`${all?.rows} rows are in the log, ${rows} in its batches`);
  const anchors = await anchorFaults(database, keys);
  return { batches, rows, checkpoints: anchors.checkpoints, faults: [...faults, ...anchors.faults] };
}

function faultsOf(batch: Batch, rows: readonly StoredRow[]): string[] {
  const faults: string[] = [];
  if (rows.length !== batch.rows) faults.push(`${rows.length} rows instead of ${batch.rows}`);
  for (const [index, row] of rows.entries()) {
    if (row.position !== index) faults.push(`row ${row.position} stands at ${index}`);
    if (!requestLeaf(row, row.salt.toString('hex')).equals(row.leaf)) {
      faults.push(`row ${row.position} (${row.request_id}) is not what was hashed`);
    }
  }
  if (!merkleRoot(rows.map(({ leaf }) => leaf)).equals(batch.root)) faults.push('the root is another');
  return faults;
}

function storedBatches(database: Asked, range: number[]): Promise<Batch[]> {
  return database.sql(
    `SELECT batch_no::float8 AS "batchNo", row_count AS rows, root, prev_hash AS "prevHash",
       sealed_at::float8 AS "sealedAt", signing_key AS "signingKey", signature, header_hash AS "headerHash"
     FROM audit_batches WHERE writer = $1 AND batch_no BETWEEN $2 AND $3 ORDER BY batch_no`,
    range,
  );
}

// As float8 where JavaScript has a number: bigint comes as text otherwise.
function storedRows(database: Asked, range: number[]): Promise<StoredRow[]> {
  return database.sql(
    `SELECT *, (extract(epoch FROM r.at) * 1000)::float8 AS at, host(r.ip) AS ip, r.batch_no::float8 AS batch_no,
       r.role_version::float8 AS role_version, r.response_bytes::float8 AS response_bytes
     FROM request_log r WHERE writer = $1 AND r.batch_no BETWEEN $2 AND $3 ORDER BY r.batch_no, position`,
    range,
  );
}
