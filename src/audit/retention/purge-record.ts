import { canonicalJson } from '../evidence/canonical.js';

/** The logs that are purged. */
export type PurgedLog = 'requests' | 'changes';

/** What a purge says of itself, and of the one before it. */
export interface PurgeRecord {
  /** From 1, without gaps. */
  readonly no: number;
  /** The hash of the record before it; 32 zero bytes for the first. */
  readonly prevHash: Buffer;
  /** In UTC, e.g. `2026-01-31`. */
  readonly day: string;
  readonly log: PurgedLog;
  /** By what rule, e.g. `AUDIT_RETENTION_DAYS=400`. */
  readonly policy: string;
  /** Those that were dropped. */
  readonly rows: number;
  /** SHA-256 over a line `writer:batch_no:rows` for each batch that lost rows, in that order. */
  readonly batchesDigest: Buffer;
  /** Milliseconds since the epoch, by the clock of whoever purged. */
  readonly purgedAt: number;
  readonly signingKey: string;
}

/** The canonical JSON of a purge record: what is signed, and what its hash is of. */
export function purgeCanonical(record: PurgeRecord): string {
  return canonicalJson({
    batches_digest: record.batchesDigest.toString('hex'),
    day: record.day,
    log: record.log,
    no: record.no,
    policy: record.policy,
    prev: record.prevHash.toString('hex'),
    purged_at: record.purgedAt,
    rows: record.rows,
    signing_key: record.signingKey,
    type: 'gatehouse/purge/v1',
  });
}
