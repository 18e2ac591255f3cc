import { hash } from 'node:crypto';
import { canonicalJson } from '../../src/audit/evidence/canonical.js';
import { isSignedBy, publicKeyOf } from '../../src/audit/evidence/ed25519.js';
import { leafHash, merkleRoot } from '../../src/audit/evidence/merkle.js';
import { personalCommitment, requestCanonical } from '../../src/audit/evidence/request-leaf.js';
import type { LogRow } from '../../src/audit/log-row.js';
import type { TestApp } from '../support/test-app.js';
import { changeLeafOf, readChanges } from './old-days.js';

type ProvenRow = Omit<LogRow, 'at'> & {
  at: string;
  batch: string;
  position: number;
  salt: Buffer | null;
  leaf: Buffer | null;
  personal_commitment: Buffer | null;
};

/** What of the logs cannot be proved, in words; nothing where all of it can. Worked out beside the server. */
export async function faultsOf(app: TestApp): Promise<string[]> {
  const faults: string[] = [];
  const leaves = new Map<string, Map<number, Buffer>>();
  const put = (batch: string, position: number, leaf: Buffer, stored: Buffer | null) => {
    if (!stored?.equals(leaf)) faults.push(`row ${batch}/${position} has another leaf`);
    const places = leaves.get(batch) ?? new Map<number, Buffer>();
    if (places.has(position)) faults.push(`row ${batch}/${position} is there twice`);
    leaves.set(batch, places.set(position, leaf));
  };
  for (const row of await rows(app)) put(row.batch, row.position, leafOf(row), row.leaf);
  for (const { seal, change } of await sealedChanges(app)) {
    const leaf = changeLeafOf(change, { salt: seal.salt, commitment: seal.personal_commitment });
    put(`0:${seal.batch_no}`, seal.position, leaf, seal.leaf);
  }
  const kept = await app.sql<{ batch: string; position: number; leaf: Buffer }>(
    `SELECT writer || ':' || batch_no AS batch, position, leaf FROM audit_kept_leaves`,
  );
  for (const { batch, position, leaf } of kept) put(batch, position, leaf, leaf);

  const batches = await app.sql<{ batch: string; row_count: number; root: Buffer; purged: number }>(
    `SELECT b.writer || ':' || b.batch_no AS batch, b.row_count, b.root, (
       SELECT coalesce(sum(p.rows), 0)::integer FROM audit_purged_batches p
       WHERE p.writer = b.writer AND p.batch_no = b.batch_no) AS purged
     FROM audit_batches b WHERE b.root IS NOT NULL`,
  );
  for (const { batch, row_count, root, purged } of batches) {
    const places = [...(leaves.get(batch) ?? [])].sort(([a], [b]) => a - b);
    if (places.length === 0 && purged === row_count) continue;
    if (!merkleRoot(places.map(([, leaf]) => leaf)).equals(root))
      faults.push(`batch ${batch} has another root`);
  }
  return [...faults, ...(await purgeFaults(app))];
}

/** The leaf as it follows from what is stored, erased or not. */
function leafOf({ at, ...row }: ProvenRow): Buffer {
  const record = { ...row, at: Number(at) };
  const personal =
    row.personal_commitment?.toString('hex') ?? personalCommitment(record, row.salt?.toString('hex') ?? '');
  return leafHash(requestCanonical(record, personal));
}

function rows(app: TestApp): Promise<ProvenRow[]> {
  const select = (table: string) =>
    `SELECT r.*, (extract(epoch FROM at) * 1000)::bigint::text AS at, host(ip) AS ip, writer || ':' || batch_no AS batch,
       role_version::integer AS role_version, response_bytes::integer AS response_bytes FROM ${table} r`;
  return app.sql<ProvenRow>(`${select('request_log')} UNION ALL ${select('held_requests')}`);
}

interface Seal {
  readonly change_id: string;
  readonly batch_no: string;
  readonly position: number;
  readonly salt: Buffer | null;
  readonly leaf: Buffer;
  readonly personal_commitment: Buffer | null;
}

async function sealedChanges(app: TestApp) {
  const seals = await app.sql<Seal>('SELECT * FROM change_seals WHERE batch_no IS NOT NULL');
  const changes = new Map(
    (await readChanges(app, 's.batch_no IS NOT NULL')).map((change) => [change.id, change]),
  );
  return seals.flatMap((seal) => {
    const change = changes.get(seal.change_id);
    return change ? [{ seal, change }] : [];
  });
}

interface StoredPurge {
  readonly no: string;
  readonly day: string;
  readonly log: string;
  readonly policy: string;
  readonly rows: string;
  readonly batches_digest: Buffer;
  readonly prev_hash: Buffer;
  readonly purged_at: string;
  readonly signing_key: string;
  readonly signature: Buffer;
  readonly hash: Buffer;
  readonly public_key: Buffer;
  readonly batches: string;
}

async function purgeFaults(app: TestApp): Promise<string[]> {
  const faults: string[] = [];
  const purges = await app.sql<StoredPurge>(
    `SELECT p.*, to_char(p.day, 'YYYY-MM-DD') AS day, k.public_key, (
       SELECT coalesce(string_agg(format(E'%s:%s:%s\\n', writer, batch_no, rows), '' ORDER BY writer, batch_no), '')
       FROM audit_purged_batches b WHERE b.purge_no = p.no) AS batches
     FROM audit_purges p JOIN audit_signing_keys k ON k.id = p.signing_key ORDER BY p.no`,
  );
  let prev = Buffer.alloc(32);
  for (const [index, purge] of purges.entries()) {
    const canonical = canonicalJson({
      batches_digest: hash('sha256', purge.batches, 'hex'),
      day: purge.day,
      log: purge.log,
      no: index + 1,
      policy: purge.policy,
      prev: prev.toString('hex'),
      purged_at: Number(purge.purged_at),
      rows: Number(purge.rows),
      signing_key: purge.signing_key,
      type: 'gatehouse/purge/v1',
    });
    prev = hash('sha256', canonical, 'buffer');
    if (!prev.equals(purge.hash)) faults.push(`purge ${purge.no} has another hash`);
    if (!isSignedBy(canonical, purge.signature, publicKeyOf(purge.public_key))) {
      faults.push(`purge ${purge.no} is not signed`);
    }
  }
  return faults;
}
