import type { KeyObject } from 'node:crypto';
import {
  type BatchHeader,
  headerCanonical,
  headerHash,
  NO_HASH,
} from '../../src/audit/evidence/batch-header.js';
import { changeLeaf, type StoredChange } from '../../src/audit/evidence/change-leaf.js';
import { checkpointCanonical, type CheckpointStatement } from '../../src/audit/evidence/checkpoint.js';
import { isSignedBy } from '../../src/audit/evidence/ed25519.js';
import { treeLeaf } from '../../src/audit/evidence/log-tree.js';
import { merkleRoot } from '../../src/audit/evidence/merkle.js';
import type { TestDatabase } from '../support/database.js';

type Asked = Pick<TestDatabase, 'sql'>;
type Keys = ReadonlyMap<string, KeyObject>;
type Signed = { readonly signature: Buffer; readonly hash: Buffer };
type SealedChange = Omit<StoredChange, 'saltHex'> & {
  batchNo: number;
  position: number;
  salt: Buffer;
  leaf: Buffer;
};

/** What the seals of the change log, the log tree and the checkpoints say of themselves. */
export async function anchorFaults(
  database: Asked,
  keys: Keys,
): Promise<{ readonly checkpoints: number; readonly faults: readonly string[] }> {
  const { checkpoints, faults } = await checkpointFaults(database, keys);
  return {
    checkpoints,
    faults: [...(await sealFaults(database, keys)), ...(await treeFaults(database)), ...faults],
  };
}

/** Each batch of changes follows the one before, is signed, and holds what was hashed; no change has no seal. */
async function sealFaults(database: Asked, keys: Keys): Promise<string[]> {
  const faults: string[] = [];
  const changes = Map.groupBy(await sealedChanges(database), ({ batchNo }) => batchNo);
  const batches = await database.sql<BatchHeader & Signed>(
    `SELECT writer, batch_no::float8 AS "batchNo", row_count AS rows, root, prev_hash AS "prevHash",
       sealed_at::float8 AS "sealedAt", signing_key AS "signingKey", signature, header_hash AS hash
     FROM audit_batches WHERE writer = 0 ORDER BY batch_no`,
  );
  let before = NO_HASH;
  for (const [index, batch] of batches.entries()) {
    const place = `batch ${batch.batchNo} of the change log`;
    const canonical = headerCanonical(batch);
    if (batch.batchNo !== index + 1) faults.push(`${place}: ${index + 1} should come first`);
    if (!batch.prevHash.equals(before)) faults.push(`${place} names another one before it`);
    if (!isGenuine(canonical, batch, keys.get(batch.signingKey))) faults.push(`${place} is not signed`);
    const own = changes.get(batch.batchNo) ?? [];
    if (own.length !== batch.rows) faults.push(`${place}: ${own.length} changes instead of ${batch.rows}`);
    for (const [at, { salt, leaf, position, ...change }] of own.entries()) {
      const hashed = changeLeaf({ ...change, saltHex: salt.toString('hex') });
      if (position !== at || !hashed.equals(leaf)) faults.push(`${place}: change ${change.id} is another`);
    }
    if (!merkleRoot(own.map(({ leaf }) => leaf)).equals(batch.root)) faults.push(`${place} has another root`);
    before = batch.hash;
  }
  const [without] = await database.sql<{ count: number }>(
    `SELECT count(*)::integer AS count FROM change_log c FULL JOIN change_seals s ON s.change_id = c.id
     WHERE c.id IS NULL OR s.change_id IS NULL`,
  );
  if (without?.count !== 0) faults.push(`${without?.count} changes have no seal, or seals no change`);
  return faults;
}

/** Every entry is a batch that there is; those of a writer come in their order. */
async function treeFaults(database: Asked): Promise<string[]> {
  const [wrong] = await database.sql<{ count: number }>(
    `SELECT count(*)::integer AS count FROM (
       SELECT t.header_hash, t.writer, t.batch_no, lag(t.batch_no) OVER (PARTITION BY t.writer ORDER BY t.seq) AS before
       FROM audit_tree t) AS t
     LEFT JOIN audit_batches b ON b.writer = t.writer AND b.batch_no = t.batch_no
     WHERE b.header_hash IS DISTINCT FROM t.header_hash OR t.before >= t.batch_no`,
  );
  return wrong?.count === 0 ? [] : [`${wrong?.count} entries of the log tree are no batch of the log`];
}

/** Each checkpoint names the one before, is signed, and has the root of the tree at its size. */
async function checkpointFaults(
  database: Asked,
  keys: Keys,
): Promise<{ checkpoints: number; faults: string[] }> {
  const faults: string[] = [];
  const tree = await database.sql<{ seq: number; hash: Buffer }>(
    'SELECT seq::float8 AS seq, header_hash AS hash FROM audit_tree t ORDER BY t.seq',
  );
  if (tree.some(({ seq }, index) => seq !== index)) faults.push('the log tree has gaps');
  const leaves = tree.map(({ hash }) => treeLeaf(hash));
  const rows = await database.sql<CheckpointStatement & Signed>(
    `SELECT no::float8 AS no, log_size::float8 AS "logSize", root, prev_hash AS "prevHash",
       sealed_at::float8 AS "sealedAt", signing_key AS "signingKey", signature, hash
     FROM audit_checkpoints c ORDER BY c.no`,
  );
  let before = NO_HASH;
  for (const [index, row] of rows.entries()) {
    const place = `checkpoint ${row.no}`;
    if (row.no !== index + 1 || !row.prevHash.equals(before)) faults.push(`${place} does not follow`);
    if (!isGenuine(checkpointCanonical(row), row, keys.get(row.signingKey)))
      faults.push(`${place} is not signed`);
    if (!merkleRoot(leaves.slice(0, row.logSize)).equals(row.root)) faults.push(`${place} has another root`);
    before = row.hash;
  }
  if ((rows.at(-1)?.logSize ?? 0) !== leaves.length) faults.push('the log tree has entries of no checkpoint');
  return { checkpoints: rows.length, faults };
}

function isGenuine(canonical: string, { signature, hash }: Signed, key: KeyObject | undefined): boolean {
  return key !== undefined && headerHash(canonical).equals(hash) && isSignedBy(canonical, signature, key);
}

function sealedChanges(database: Asked): Promise<SealedChange[]> {
  return database.sql(
    `SELECT s.batch_no::float8 AS "batchNo", s.position, s.salt, s.leaf, c.id::text AS id,
       (extract(epoch FROM c.at) * 1000)::float8 AS at, c.transaction_id::text AS "transactionId",
       c.actor_type AS "actorType", c.actor_id AS "actorId", c.action, c.entity, c.entity_id AS "entityId",
       c.organization_id AS "organizationId", c.store_id AS "storeId", c.request_id AS "requestId", c.reason,
       c.before::text AS before, c.after::text AS after
     FROM change_seals s JOIN change_log c ON c.id = s.change_id
     WHERE s.batch_no IS NOT NULL ORDER BY s.batch_no, s.position`,
  );
}
