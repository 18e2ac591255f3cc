import type { OpenBatchRange } from './open-batches.js';

/**
 * What is wrong.
 * - altered: is not what was hashed, or not what was signed
 * - missing: was there, by its batch, its chain or the log tree, and is not
 * - reordered: all rows of a batch are what was hashed, and stand in another order or place
 * - added: belongs to no batch
 * - forked: two histories: what follows names another one before it, or a checkpoint another state
 * - untrusted: signed by a key that nobody trusts
 * - unreadable: the evidence cannot be read
 */
export const FINDING_KINDS = [
  'altered',
  'missing',
  'reordered',
  'added',
  'forked',
  'untrusted',
  'unreadable',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** Where it is wrong. */
export const FINDING_LOGS = ['requests', 'changes', 'checkpoints', 'purges', 'keys'] as const;

/** One place where the log does not hold. */
export interface Finding {
  readonly kind: FindingKind;
  readonly log: (typeof FINDING_LOGS)[number];
  readonly writer?: number;
  readonly batchNo?: number;
  readonly position?: number;
  /** UUID. */
  readonly requestId?: string;
  readonly changeId?: number;
  /** In words, for people. */
  readonly message: string;
}

/** What a purge took away. */
export interface PurgedDay {
  readonly no: number;
  readonly log: string;
  readonly day: string;
  readonly policy: string;
  readonly rows: number;
}

/** What a verification found. */
export interface VerifyReport {
  /** True where nothing is wrong: what is purged by record, or not anchored yet, is not. */
  readonly intact: boolean;
  readonly rows: number;
  readonly batches: number;
  readonly writers: number;
  readonly checkpoints: number;
  /** The newest checkpoint. */
  readonly checkpoint: { readonly no: number; readonly root: string; readonly sealedAt: number } | null;
  /** Rows in batches that no checkpoint covers yet: they could still be taken away unseen. */
  readonly notAnchored: number;
  /** Which batches those are: at most one range for each writer. */
  readonly notAnchoredBatches: readonly OpenBatchRange[];
  /** Changes that are in no batch yet. */
  readonly notSealed: number;
  /** Rows of before there was evidence. */
  readonly notEvidenced: number;
  /** Rows in batches outside the range that was asked for: their headers were checked, they were not. */
  readonly notRead: number;
  /** Rows whose personal fields were erased. */
  readonly erased: number;
  readonly purged: readonly PurgedDay[];
  /** Keys that signed, and the one that was trusted because none was named. */
  readonly trustedOnFirstUse: string | null;
  /** All of them, the told ones and the rest. */
  readonly findingCount: number;
  /** The first ones. */
  readonly findings: readonly Finding[];
}

/** Collects findings: all are counted, the first ones are kept. */
export class Findings {
  private readonly kept: Finding[] = [];
  private total = 0;

  /** @param most how many are kept */
  constructor(private readonly most: number) {}

  add(finding: Finding): void {
    this.total += 1;
    if (this.kept.length < this.most) this.kept.push(finding);
  }

  get count(): number {
    return this.total;
  }

  get first(): readonly Finding[] {
    return this.kept;
  }
}
