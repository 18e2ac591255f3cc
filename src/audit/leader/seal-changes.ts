import { randomBytes } from 'node:crypto';
import { type BatchHeader, headerCanonical, headerHash, NO_HASH } from '../evidence/batch-header.js';
import { changeLeaf, type StoredChange } from '../evidence/change-leaf.js';
import { merkleRoot } from '../evidence/merkle.js';
import type { Signer } from '../evidence/signing-keys.js';
import type { LeaderConnection } from './leader-connection.js';

/** The most changes of one batch. */
const MOST_CHANGES = 10_000;
/** Read at a time: a row may be large. */
const PAGE = 1_000;
const SALT_BYTES = 16;
/** The writer that stands for the change log. */
const CHANGE_LOG = 0;

/** The end of the change log's chain. */
interface ChainEnd {
  readonly batchNo: number;
  readonly hash: Buffer;
}

// In the order of their transactions. A transaction that is still under way has no row here, whatever its id. An id
// that this server has not given yet is from before a dump was restored: its transaction has ended, elsewhere. A
// change that somebody took away before it was sealed holds up no other: its open seal tells of it for ever.
const OPEN_CHANGES = `
SELECT s.change_id::text AS id FROM change_seals s
WHERE s.batch_no IS NULL
  AND (s.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    OR s.transaction_id >= pg_snapshot_xmax(pg_current_snapshot()))
  AND EXISTS (SELECT FROM change_log c WHERE c.id = s.change_id)
ORDER BY s.transaction_id, s.change_id LIMIT $1`;

const CHANGES = `
SELECT c.id::text AS "id", (extract(epoch FROM c.at) * 1000)::float8 AS "at",
  c.transaction_id::text AS "transactionId", c.actor_type AS "actorType", c.actor_id AS "actorId",
  c.action, c.entity, c.entity_id AS "entityId", c.organization_id AS "organizationId", c.store_id AS "storeId",
  c.request_id AS "requestId", c.reason, c.before::text AS "before", c.after::text AS "after"
FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (id, place) JOIN change_log c ON c.id = wanted.id
ORDER BY wanted.place`;

/**
 * Seals what is new in the change log: signed batches under writer 0. Only transactions that are older than every one
 * still under way, so that a change that commits late stands behind none that began after it.
 * @returns how many changes were sealed
 * @throws LeadLost; GH003 where another leader was first
 */
export async function sealChanges(connection: LeaderConnection, signer: Signer): Promise<number> {
  let sealed = 0;
  for (;;) {
    const ids = (await connection.query<{ id: string }>(OPEN_CHANGES, [MOST_CHANGES])).map(({ id }) => id);
    if (ids.length === 0) return sealed;
    await sealBatch(connection, signer, await chainEnd(connection), ids);
    sealed += ids.length;
  }
}

async function chainEnd(connection: LeaderConnection): Promise<ChainEnd> {
  const [row] = await connection.query<{ batch_no: string; header_hash: Buffer }>(
    'SELECT batch_no, header_hash FROM audit_batches WHERE writer = $1 ORDER BY batch_no DESC LIMIT 1',
    [CHANGE_LOG],
  );
  return row ? { batchNo: Number(row.batch_no), hash: row.header_hash } : { batchNo: 0, hash: NO_HASH };
}

async function sealBatch(
  connection: LeaderConnection,
  signer: Signer,
  end: ChainEnd,
  ids: readonly string[],
): Promise<void> {
  const salts = ids.map(() => randomBytes(SALT_BYTES));
  const leaves: Buffer[] = [];
  for (let from = 0; from < ids.length; from += PAGE) {
    const page = ids.slice(from, from + PAGE);
    const changes = await connection.query<Omit<StoredChange, 'saltHex'>>(CHANGES, [page]);
    if (changes.length < page.length) throw new Error('Changes vanished while they were sealed.');
    for (const change of changes)
      leaves.push(changeLeaf({ ...change, saltHex: (salts[leaves.length] ?? NO_HASH).toString('hex') }));
  }
  const header: BatchHeader = {
    writer: CHANGE_LOG,
    batchNo: end.batchNo + 1,
    rows: ids.length,
    root: merkleRoot(leaves),
    prevHash: end.hash,
    sealedAt: Date.now(),
    signingKey: signer.id,
  };
  const canonical = headerCanonical(header);
  await connection.query('SELECT audit_seal_changes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
    header.batchNo,
    header.root,
    header.prevHash,
    header.sealedAt,
    header.signingKey,
    signer.sign(canonical),
    headerHash(canonical),
    ids,
    salts,
    leaves,
  ]);
}
