import { hash } from 'node:crypto';
import { canonicalJson } from './canonical.js';

/** What a batch says of itself, and of the one before it of the same writer. */
export interface BatchHeader {
  /** The lane's slot, from 1. */
  readonly writer: number;
  /** From 1, without gaps. */
  readonly batchNo: number;
  readonly rows: number;
  /** Of the Merkle tree over the leaves of its rows. */
  readonly root: Buffer;
  /** The hash of the header before it; 32 zero bytes for a writer's first. */
  readonly prevHash: Buffer;
  /** Milliseconds since the epoch, by the clock of whoever sealed it. */
  readonly sealedAt: number;
  /** The id of the public key that its signature is by. */
  readonly signingKey: string;
}

/** What stands where there is no header before. */
export const NO_HASH: Buffer = Buffer.alloc(32);

/** The canonical JSON of a header: what is signed. */
export function headerCanonical(header: BatchHeader): string {
  return canonicalJson({
    batch_no: header.batchNo,
    prev: header.prevHash.toString('hex'),
    root: header.root.toString('hex'),
    rows: header.rows,
    sealed_at: header.sealedAt,
    signing_key: header.signingKey,
    type: 'gatehouse/batch/v1',
    writer: header.writer,
  });
}

/** The hash of a header: SHA-256 over its canonical JSON. What the next header names. */
export function headerHash(canonical: string): Buffer {
  return hash('sha256', canonical, 'buffer');
}
