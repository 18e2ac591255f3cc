import { hash, randomUUID } from 'node:crypto';
import { sealBatch, sealRow } from '../../src/audit/evidence/seal-batch.js';
import { canonicalJson } from '../../src/audit/evidence/canonical.js';
import { leafHash, merkleRoot } from '../../src/audit/evidence/merkle.js';
import { SigningKeys } from '../../src/audit/evidence/signing-keys.js';
import { encodeRows } from '../../src/audit/log-columns.js';
import type { LogRow } from '../../src/audit/log-row.js';
import type { TestApp } from '../support/test-app.js';

const DAY_MS = 86_400_000;
const NO_HASH = Buffer.alloc(32);

/** The day so many days ago, e.g. `2026-01-31`. */
export function dayAgo(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
}

/** A moment of that day, in milliseconds since the epoch. */
export function momentOf(day: string, milliseconds = DAY_MS / 2): number {
  return Date.parse(day) + milliseconds;
}

/** A row of the request log that tells of a person. */
export function oldRow(at: number, fields: Partial<LogRow> = {}): LogRow {
  return {
    at,
    request_id: uuidAt(at),
    organization_id: null,
    store_id: null,
    key_id: null,
    key_name: 'Newsletter "é"\n',
    key_preview: 'gate_live_AbCd…wXyZ',
    secret_id: null,
    member_id: null,
    role_id: null,
    role_version: null,
    method: 'GET',
    route: '/api/v1/campaigns',
    operation: 'listCampaigns',
    path: '/api/v1/campaigns',
    query: 'search=Ada%20L.\\\t\u0001',
    resource: 'content.campaigns',
    level: 'read',
    effective_level: 'write',
    status: 200,
    answered: 200,
    outcome: 'answered',
    error_code: null,
    reason: null,
    ip: '192.0.2.7',
    user_agent: 'curl/8.5 \u{1f600}\u2028',
    client_request_id: null,
    duration_micros: 1_234,
    response_bytes: 10,
    quota_charged: 1,
    replayed: false,
    occurrences: 1,
    completes: null,
    ...fields,
  };
}

/** Appends a batch of rows as a lane does, with the partitions that they need. */
export async function appendRequests(app: TestApp, rows: readonly LogRow[], writer = 900): Promise<number> {
  for (const day of new Set(rows.map(({ at }) => new Date(at).toISOString().slice(0, 10)))) {
    await app.sql('SELECT audit_ensure_partitions($1, 1)', [day]);
  }
  const [last] = await app.sql<{ batch_no: string; header_hash: Buffer }>(
    'SELECT batch_no, header_hash FROM audit_batches WHERE writer = $1 ORDER BY batch_no DESC LIMIT 1',
    [writer],
  );
  const batchNo = Number(last?.batch_no ?? 0) + 1;
  const place = { writer, batchNo, prevHash: last?.header_hash ?? NO_HASH };
  const batch = sealBatch(rows.map(sealRow), place, await app.get(SigningKeys).current());
  const { header } = batch;
  const columns = encodeRows(rows);
  const values = [
    ...[writer, batchNo, rows.length, header.root, header.prevHash, header.sealedAt, header.signingKey],
    ...[batch.signature, batch.headerHash, ...columns, batch.salts, batch.leaves, '{}', '{}', '{}', '{}'],
  ];
  await app.sql(`SELECT audit_append(${values.map((_, i) => `$${i + 1}`).join(', ')})`, values);
  return batchNo;
}

/** A change as PostgreSQL tells it. */
export interface StoredChange {
  readonly id: string;
  readonly canonical: Record<string, string | number | null>;
  readonly personal: { readonly before: string | null; readonly after: string | null };
}

/** Reads changes in the form in which they are hashed. */
export function readChanges(app: TestApp, condition: string): Promise<StoredChange[]> {
  return app.sql<{ id: string } & StoredChange>(
    `SELECT c.id, json_build_object('action', c.action, 'actor_id', c.actor_id, 'actor_type', c.actor_type,
       'at', (extract(epoch FROM c.at) * 1000)::bigint, 'entity', c.entity, 'entity_id', c.entity_id, 'id', c.id,
       'organization_id', c.organization_id, 'reason', c.reason, 'request_id', c.request_id,
       'store_id', c.store_id, 'transaction_id', c.transaction_id::text) AS canonical,
       json_build_object('before', c.before::text, 'after', c.after::text) AS personal
     FROM change_log c JOIN change_seals s ON s.change_id = c.id WHERE ${condition}
     ORDER BY c.transaction_id, c.id`,
  );
}

/** A change's leaf. @param commitment of what is erased, or else the salt */
export function changeLeafOf(
  change: StoredChange,
  { salt, commitment }: { salt?: Buffer | null; commitment?: Buffer | null },
): Buffer {
  const personal =
    commitment?.toString('hex') ??
    hash('sha256', (salt?.toString('hex') ?? '') + canonicalJson({ ...change.personal }), 'hex');
  return leafHash(canonicalJson({ ...change.canonical, personal }));
}

/** Seals every change that waits, as the leader does. */
export async function sealChanges(app: TestApp): Promise<void> {
  const changes = await readChanges(app, 's.batch_no IS NULL');
  if (changes.length === 0) return;
  const [last] = await app.sql<{ batch_no: string; header_hash: Buffer }>(
    'SELECT batch_no, header_hash FROM audit_batches WHERE writer = 0 ORDER BY batch_no DESC LIMIT 1',
  );
  const place = {
    writer: 0,
    batchNo: Number(last?.batch_no ?? 0) + 1,
    prevHash: last?.header_hash ?? NO_HASH,
  };
  const salts = changes.map(() => hash('sha256', randomUUID(), 'buffer').subarray(0, 16));
  const leaves = changes.map((change, i) => changeLeafOf(change, { salt: salts[i] ?? null }));
  const rows = leaves.map((leaf) => ({ salt: '', leaf }));
  const { header, signature, headerHash } = sealBatch(rows, place, await app.get(SigningKeys).current());
  await app.sql('SELECT audit_seal_changes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
    ...[
      place.batchNo,
      header.root,
      header.prevHash,
      header.sealedAt,
      header.signingKey,
      signature,
      headerHash,
    ],
    ...[changes.map(({ id }) => id), salts, leaves],
  ]);
}

/** Makes a checkpoint over everything there is, as the leader does. */
export async function anchor(app: TestApp): Promise<void> {
  const heads = await app.sql<{ writer: number; batch_no: string; header_hash: Buffer }>(
    'SELECT writer, batch_no, header_hash FROM audit_heads() WHERE batch_no > anchored_no AND header_hash IS NOT NULL',
  );
  if (heads.length === 0) return;
  const tree = await app.sql<{ header_hash: Buffer }>('SELECT header_hash FROM audit_tree ORDER BY seq');
  const [last] = await app.sql<{ no: string; hash: Buffer }>(
    'SELECT no, hash FROM audit_checkpoints ORDER BY no DESC LIMIT 1',
  );
  const signer = await app.get(SigningKeys).current();
  const statement = {
    log_size: tree.length + heads.length,
    no: Number(last?.no ?? 0) + 1,
    prev: (last?.hash ?? NO_HASH).toString('hex'),
    root: merkleRoot(
      [...tree, ...heads].map(({ header_hash }) => leafHash(header_hash.toString('hex'))),
    ).toString('hex'),
    sealed_at: Date.now(),
    signing_key: signer.id,
    type: 'gatehouse/checkpoint/v1',
  };
  const canonical = canonicalJson(statement);
  await app.sql(
    `SELECT audit_append_checkpoint($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '{}', '{}', '{}')`,
    [
      ...[statement.no, tree.length, statement.log_size, Buffer.from(statement.root, 'hex')],
      ...[Buffer.from(statement.prev, 'hex'), statement.sealed_at, signer.id, signer.sign(canonical)],
      hash('sha256', canonical, 'buffer'),
      heads.map(({ writer }) => writer),
      heads.map(({ batch_no }) => batch_no),
      heads.map(({ header_hash }) => header_hash),
    ],
  );
}

/** As a UUIDv7 that was made then. */
function uuidAt(at: number): string {
  const hex = at.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${randomUUID().slice(15)}`;
}
