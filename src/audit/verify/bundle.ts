import type { QueryRunner } from 'typeorm';
import type { Database } from '../../platform/database/index.js';
import { headerCanonical } from '../evidence/batch-header.js';
import { publishedCheckpoint, type StoredCheckpoint } from '../leader/stored-checkpoint.js';
import { purgeCanonical, type PurgedLog } from '../retention/purge-record.js';
import * as sql from './bundle-sql.js';
import { InBatches, rowsOf } from './cursor.js';
import { changeEvidence, requestEvidence, type StoredRequest } from './row-evidence.js';
import { changesIn, type Read, requestsIn } from './bundle-rows.js';
import { rowLine } from './row-line.js';
import { type BatchRange, batchRanges, boundsOf, InRanges, type SealedIn } from './sealed-in.js';

/** Lines that are handed on at once. */
const GROUP = 500;
const SMALL_AT_ONCE = 500;

interface InBatch {
  readonly writer: number;
  readonly batch_no: number;
}

interface StoredHeader extends InBatch {
  readonly rows: number;
  readonly root: Buffer | null;
  readonly prev_hash: Buffer | null;
  readonly sealed_at: number;
  readonly signing_key: string;
  readonly signature: string;
  readonly hash: string;
}

interface StoredPurge {
  readonly no: string;
  readonly day_text: string;
  readonly log: PurgedLog;
  readonly policy: string;
  readonly rows: string;
  readonly batches_digest: Buffer;
  readonly prev_hash: Buffer;
  readonly purged_at: string;
  readonly signing_key: string;
  readonly signature: Buffer;
  readonly hash: Buffer;
}

/**
 * The whole log with its evidence, as the lines of a bundle, without their line breaks, from one snapshot: what is
 * needed to verify it with the public keys alone. Holds personal data, as the log does.
 * @param sealedIn rows of batches that were sealed in this time; of all others there are the headers. Absent: all rows
 */
export async function* bundleLines(database: Database, sealedIn?: SealedIn): AsyncGenerator<string[]> {
  const transaction = database.dataSource.createQueryRunner();
  try {
    await transaction.connect();
    await transaction.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    yield* linesIn(transaction, sealedIn);
    await transaction.query('COMMIT');
  } finally {
    await transaction.query('ROLLBACK').catch(() => undefined);
    await transaction.release();
  }
}

/** The same, of what a transaction sees. */
export function linesIn(transaction: QueryRunner, sealedIn?: SealedIn): AsyncGenerator<string[]> {
  return inGroups(everyLine(transaction, sealedIn));
}

/** How many rows a bundle would have, about. */
export async function rowsAbout(database: Database, sealedIn: SealedIn = {}): Promise<number> {
  const [row] = await database.query<{ rows: number }>(
    `SELECT coalesce(sum(row_count), 0)::float8 AS rows FROM audit_batches
     WHERE coalesce(sealed_at, 0) BETWEEN $1 AND $2`,
    boundsOf(sealedIn),
  );
  return row?.rows ?? 0;
}

async function* everyLine(transaction: QueryRunner, sealedIn?: SealedIn): AsyncGenerator<string> {
  let lines = 1;
  yield JSON.stringify({ type: 'gatehouse/bundle/v1', made_at: Date.now() });
  for await (const line of body(transaction, sealedIn && (await batchRanges(transaction, sealedIn)))) {
    lines += 1;
    yield line;
  }
  yield JSON.stringify({ type: 'end', lines: lines + 1 });
}

async function* body(transaction: QueryRunner, ranges?: readonly BatchRange[]): AsyncGenerator<string> {
  const read = <Row>(name: string, text: string, atOnce = SMALL_AT_ONCE) =>
    rowsOf<Row>(transaction, name, text, atOnce);
  const plain = async function* (name: string, text: string) {
    for await (const row of read<object>(name, text)) yield JSON.stringify(row);
  };
  yield* plain('keys', sql.KEYS);
  for await (const row of read<StoredPurge>('purges', sql.PURGES)) yield purgeLine(row);
  yield* batches(read, ranges);
  yield* plain('unsealed', sql.UNSEALED);
  yield* plain('added', sql.ADDED_CHANGES);
  for await (const row of read<StoredCheckpoint>('checkpoints', sql.CHECKPOINTS)) {
    yield JSON.stringify({ type: 'checkpoint', ...publishedCheckpoint(row) });
  }
}

async function* batches(read: Read, ranges?: readonly BatchRange[]): AsyncGenerator<string> {
  const requests = await InBatches.of(requestsIn(read, ranges));
  const changes = await InBatches.of(changesIn(read, ranges));
  const brings = new InRanges(ranges);
  const tree = await InBatches.of(read<InBatch>('tree', sql.TREE));
  const purged = await InBatches.of(read<InBatch>('purged', sql.PURGED));
  const leaves = await InBatches.of(read<InBatch>('leaves', sql.LEAVES));
  const strays = async function* (writer: number, batchNo: number) {
    for await (const row of requests.upTo(writer, batchNo, false)) yield addedRequest(row);
    for await (const entry of tree.upTo(writer, batchNo, false)) yield JSON.stringify(entry);
  };
  for await (const header of read<StoredHeader>('headers', sql.HEADERS)) {
    const { writer, batch_no: batchNo } = header;
    yield* strays(writer, batchNo);
    for await (const row of purged.upTo(writer, batchNo, true)) yield JSON.stringify(row);
    yield headerLine(header);
    if (!brings.has(writer, batchNo)) yield JSON.stringify({ type: 'left-out' });
    for await (const row of leaves.upTo(writer, batchNo, true)) yield JSON.stringify(row);
    for await (const row of changes.upTo(writer, batchNo, true)) yield rowLine(changeEvidence(row));
    for await (const row of requests.upTo(writer, batchNo, true)) {
      if (header.root) yield rowLine(requestEvidence(row));
    }
    for await (const entry of tree.upTo(writer, batchNo, true)) yield JSON.stringify(entry);
  }
  yield* strays(Infinity, Infinity);
}

function purgeLine({ signature, hash, ...row }: StoredPurge): string {
  const canonical = purgeCanonical({
    no: Number(row.no),
    prevHash: row.prev_hash,
    day: row.day_text,
    log: row.log,
    policy: row.policy,
    rows: Number(row.rows),
    batchesDigest: row.batches_digest,
    purgedAt: Number(row.purged_at),
    signingKey: row.signing_key,
  });
  return JSON.stringify({
    type: 'purge',
    canonical,
    signature: signature.toString('hex'),
    hash: hash.toString('hex'),
  });
}

function headerLine({
  writer,
  batch_no,
  rows,
  root,
  prev_hash,
  sealed_at,
  signing_key,
  signature,
  hash,
}: StoredHeader) {
  if (!root || !prev_hash) return JSON.stringify({ type: 'old', writer, batch_no, rows });
  const canonical = headerCanonical({
    writer,
    batchNo: batch_no,
    rows,
    root,
    prevHash: prev_hash,
    sealedAt: sealed_at,
    signingKey: signing_key,
  });
  return JSON.stringify({ type: 'header', canonical, signature, hash });
}

const addedRequest = ({ request_id: id }: StoredRequest) =>
  JSON.stringify({ type: 'added', log: 'requests', id });

async function* inGroups(lines: AsyncGenerator<string>): AsyncGenerator<string[]> {
  let group: string[] = [];
  for await (const line of lines) {
    group.push(line);
    if (group.length < GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
