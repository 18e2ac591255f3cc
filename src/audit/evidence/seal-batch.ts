import { randomBytes } from 'node:crypto';
import type { LogRow } from '../log-row.js';
import { type BatchHeader, headerCanonical, headerHash } from './batch-header.js';
import { merkleRoot } from './merkle.js';
import { requestLeaf } from './request-leaf.js';
import type { Signer } from './signing-keys.js';

/** Where a batch stands in its writer's chain. */
export type BatchPlace = Pick<BatchHeader, 'writer' | 'batchNo' | 'prevHash'>;

/** A batch of request rows with its evidence. */
export interface EvidentBatch {
  readonly header: BatchHeader;
  /** Ed25519 (RFC 8032) over the header's canonical JSON. */
  readonly signature: Buffer;
  readonly headerHash: Buffer;
  /** One for each row, as an array in PostgreSQL's own notation. */
  readonly salts: string;
  readonly leaves: string;
}

const SALT_BYTES = 16;

/** Makes the evidence of some rows: a salted leaf each, their tree, and a signed header that names the one before. */
export async function sealBatch(
  rows: readonly LogRow[],
  place: BatchPlace,
  signer: Signer,
): Promise<EvidentBatch> {
  const random = randomBytes(SALT_BYTES * rows.length).toString('hex');
  const salts = rows.map((_, i) => random.slice(i * 2 * SALT_BYTES, (i + 1) * 2 * SALT_BYTES));
  const leaves = rows.map((row, i) => requestLeaf(row, salts[i] ?? ''));
  const header: BatchHeader = {
    ...place,
    rows: rows.length,
    root: merkleRoot(leaves),
    sealedAt: Date.now(),
    signingKey: signer.id,
  };
  const canonical = headerCanonical(header);
  return {
    header,
    signature: await signer.sign(canonical),
    headerHash: headerHash(canonical),
    salts: byteaArray(salts),
    leaves: byteaArray(leaves.map((leaf) => leaf.toString('hex'))),
  };
}

function byteaArray(hex: readonly string[]): string {
  return `{${hex.map((digits) => `"\\\\x${digits}"`).join(',')}}`;
}
