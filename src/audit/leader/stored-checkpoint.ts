import { checkpointCanonical } from '../evidence/checkpoint.js';

/** A row of audit_checkpoints. */
export interface StoredCheckpoint {
  readonly no: string;
  readonly log_size: string;
  readonly root: Buffer;
  readonly prev_hash: Buffer;
  readonly sealed_at: string;
  readonly signing_key: string;
  readonly signature: Buffer;
  readonly hash: Buffer;
}

export const CHECKPOINT_COLUMNS = 'no, log_size, root, prev_hash, sealed_at, signing_key, signature, hash';

/** What its signature is over. */
export function canonicalOf(row: StoredCheckpoint): string {
  return checkpointCanonical({
    no: Number(row.no),
    logSize: Number(row.log_size),
    root: row.root,
    prevHash: row.prev_hash,
    sealedAt: Number(row.sealed_at),
    signingKey: row.signing_key,
  });
}

/** A checkpoint as it is published: a line of the file, the webhook's body, the object's content. */
export function publishedCheckpoint(row: StoredCheckpoint): {
  canonical: string;
  signature: string;
  hash: string;
} {
  return {
    canonical: canonicalOf(row),
    signature: row.signature.toString('hex'),
    hash: row.hash.toString('hex'),
  };
}
