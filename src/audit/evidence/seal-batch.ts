import { randomFillSync } from 'node:crypto';
import type { LogRow } from '../log-row.js';
import { type BatchHeader, headerCanonical, headerHash } from './batch-header.js';
import { merkleRoot } from './merkle.js';
import { requestLeaf } from './request-leaf.js';
import type { Signer } from './signing-keys.js';

/** Where a batch stands in its writer's chain. */
export type BatchPlace = Pick<BatchHeader, 'writer' | 'batchNo' | 'prevHash'>;

/** What a row brings to its batch's evidence, wherever it will stand. */
export interface RowEvidence {
  /** In hex. */
  readonly salt: string;
  readonly leaf: Buffer;
}

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
const DRAWN_BYTES = 256 * SALT_BYTES;
const drawn = Buffer.alloc(DRAWN_BYTES);
let used = DRAWN_BYTES;

/** Salts and hashes a row: most of what its evidence costs, and nothing of it depends on the rows before. */
export function sealRow(row: LogRow): RowEvidence {
  // Randomness is drawn in bulk; each salt is used once.
  if (used === DRAWN_BYTES) {
    randomFillSync(drawn);
    used = 0;
  }
  const salt = drawn.toString('hex', used, (used += SALT_BYTES));
  return { salt, leaf: requestLeaf(row, salt) };
}

/** Makes a batch of sealed rows: their tree, and a signed header that names the batch before it. */
export function sealBatch(rows: readonly RowEvidence[], place: BatchPlace, signer: Signer): EvidentBatch {
  const header: BatchHeader = {
    ...place,
    rows: rows.length,
    root: merkleRoot(rows.map(({ leaf }) => leaf)),
    sealedAt: Date.now(),
    signingKey: signer.id,
  };
  const canonical = headerCanonical(header);
  return {
    header,
    signature: signer.sign(canonical),
    headerHash: headerHash(canonical),
    salts: byteaArray(rows.map(({ salt }) => salt)),
    leaves: byteaArray(rows.map(({ leaf }) => leaf.toString('hex'))),
  };
}

function byteaArray(hex: readonly string[]): string {
  return `{${hex.map((digits) => `"\\\\x${digits}"`).join(',')}}`;
}
