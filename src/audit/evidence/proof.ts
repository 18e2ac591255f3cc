/** What of a row can be proved. */
export const PROOF_STATES = [
  /** A checkpoint covers it: everything. */
  'anchored',
  /** It is in a signed batch; the next checkpoint will cover it. */
  'sealed',
  /** It is in no batch yet. */
  'unsealed',
  /** It is of before there was evidence. */
  'unevidenced',
  /** Its batch, or the chain after it, is not whole: verify the log. */
  'broken',
] as const;
export type ProofState = (typeof PROOF_STATES)[number];

/** Hashes, signatures and keys in hex; canonical texts as they were hashed. */
export interface ProvenRow {
  /** In its batch, from 0. */
  readonly position: number;
  /** Null where the personal fields are erased. */
  readonly salt: string | null;
  /** The canonical JSON of the personal fields; or their commitment, where they are erased. */
  readonly personal: string;
  /** The canonical JSON of the row, which holds the commitment. */
  readonly record: string;
}

export interface SignedText {
  readonly canonical: string;
  readonly signature: string;
}

export interface ProofKey {
  readonly id: string;
  readonly publicKey: string;
  readonly endorsedBy: string | null;
  readonly endorsement: string | null;
}

/** That a row is in the log, for whoever has nothing but public keys. */
export interface Proof {
  readonly type: typeof PROOF_TYPE;
  /** The public id of the request or change. */
  readonly id: string;
  readonly log: 'requests' | 'changes';
  readonly state: ProofState;
  readonly row: ProvenRow | null;
  /** The batch's header, and the way from the row's leaf to the root in it (RFC 9162, 2.1.3.1). */
  readonly batch: { readonly header: SignedText; readonly path: readonly string[] } | null;
  /** The headers after the batch's own, each naming the one before, up to the one in the log tree. */
  readonly chain: readonly string[];
  /** The way from the last header to the root that the checkpoint signs. */
  readonly anchor: {
    /** The leaf's place in the log tree, from 0. */
    readonly seq: number;
    readonly path: readonly string[];
    readonly checkpoint: SignedText & { readonly hash: string };
  } | null;
  /** An endorsing key stands before those that it endorses. */
  readonly keys: readonly ProofKey[];
}

export const PROOF_TYPE = 'gatehouse/proof/v1';

/** The most headers of a proof's chain. */
export const MOST_HEADERS = 10_000;
