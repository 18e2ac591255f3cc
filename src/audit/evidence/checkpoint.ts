import { canonicalJson } from './canonical.js';

/** What a checkpoint says: the log tree had this size and this root then. */
export interface CheckpointStatement {
  /** From 1, without gaps. */
  readonly no: number;
  /** Leaves of the log tree. */
  readonly logSize: number;
  /** Of the log tree. */
  readonly root: Buffer;
  /** The hash of the checkpoint before; 32 zero bytes for the first. */
  readonly prevHash: Buffer;
  /** Milliseconds since the epoch. */
  readonly sealedAt: number;
  readonly signingKey: string;
}

/** The canonical JSON of a checkpoint: what is signed, and what its hash is of. */
export function checkpointCanonical(checkpoint: CheckpointStatement): string {
  return canonicalJson({
    log_size: checkpoint.logSize,
    no: checkpoint.no,
    prev: checkpoint.prevHash.toString('hex'),
    root: checkpoint.root.toString('hex'),
    sealed_at: checkpoint.sealedAt,
    signing_key: checkpoint.signingKey,
    type: 'gatehouse/checkpoint/v1',
  });
}
