import { headerHash } from '../evidence/batch-header.js';
import { treeLeaf } from '../evidence/log-tree.js';
import { leafHash, rootOfProof } from '../evidence/merkle.js';
import { type Proof, PROOF_TYPE, type SignedText } from '../evidence/proof.js';
import { commitmentOf } from '../evidence/request-leaf.js';
import { fromPublicId } from '../../platform/ids/index.js';
import { changeNumberOf } from '../search/change-id.js';
import type { CheckpointLine } from '../verify/anchor-check.js';
import { Findings } from '../verify/findings.js';
import { TrustedKeys } from '../verify/trusted-keys.js';

/** What an auditor trusts. */
export interface Trusted {
  /** Public keys in hex; none: the proof's first one is trusted, and said to be. */
  readonly keys: readonly string[];
  /** Checkpoints that were kept elsewhere, as they were published. */
  readonly published?: readonly CheckpointLine[];
}

/** What a proof is worth. */
export interface ProofReport {
  /** True where a trusted checkpoint covers the very row. */
  readonly proven: boolean;
  /** How far it goes: to a checkpoint, to a signed batch, or nowhere. */
  readonly reaches: 'checkpoint' | 'batch' | 'nothing';
  /** What does not hold, in words. */
  readonly faults: readonly string[];
  readonly checkpoint: { readonly no: number; readonly sealedAt: number; readonly root: string } | null;
  /** Whether the checkpoint is among those that were kept elsewhere. */
  readonly published: boolean;
  readonly trustedOnFirstUse: string | null;
}

interface Header {
  readonly type: string;
  readonly writer: number;
  readonly batch_no: number;
  readonly rows: number;
  readonly root: string;
  readonly prev: string;
  readonly signing_key: string;
}

interface Checkpoint {
  readonly type: string;
  readonly no: number;
  readonly log_size: number;
  readonly root: string;
  readonly sealed_at: number;
  readonly signing_key: string;
}

/** A proof that does not hold: what comes after it need not be looked at. */
class Fault extends Error {}

const KIND = { requests: 'request', changes: 'change' } as const;

/** Checks a proof with nothing but what is in it and what is trusted. Needs no database, and throws nothing. */
export function verifyProof(proof: Proof, trusted: Trusted): ProofReport {
  const check = new ProofCheck(proof, trusted);
  try {
    check.run();
  } catch (error) {
    check.faults.push(error instanceof Fault ? error.message : 'the proof cannot be read');
  }
  return check.report();
}

class ProofCheck {
  readonly faults: string[] = [];
  private readonly keys: TrustedKeys;
  private reaches: ProofReport['reaches'] = 'nothing';
  private checkpoint: ProofReport['checkpoint'] = null;
  private published = false;

  constructor(
    private readonly proof: Proof,
    private readonly trusted: Trusted,
  ) {
    this.keys = new TrustedKeys(new Set(trusted.keys));
  }

  run(): void {
    assert(this.proof.type === PROOF_TYPE, 'it is no proof of this form');
    this.takeKeys();
    const header = this.checkBatch();
    if (!header) return;
    this.reaches = 'batch';
    this.checkAnchor(this.followChain(header));
  }

  report(): ProofReport {
    const { faults, reaches, checkpoint, published } = this;
    return {
      proven: faults.length === 0 && reaches === 'checkpoint',
      reaches: faults.length === 0 ? reaches : 'nothing',
      faults,
      checkpoint,
      published,
      trustedOnFirstUse: this.keys.trustedOnFirstUse,
    };
  }

  private takeKeys(): void {
    const findings = new Findings(1);
    for (const { id, publicKey, endorsedBy, endorsement } of this.proof.keys) {
      this.keys.add(
        { type: 'key', id, public_key: publicKey, endorsed_by: endorsedBy, endorsement },
        findings,
      );
    }
    assert(findings.count === 0, 'a key is not the one of its name');
  }

  /** The row is the one asked for, and in the batch. */
  private checkBatch(): Header | undefined {
    const { row, batch, log } = this.proof;
    if (!row || !batch) return undefined;
    const record = JSON.parse(row.record) as { personal: string; request_id?: string; id?: number };
    assert(Object.hasOwn(KIND, log), 'it is of no log of ours');
    const uuid = fromPublicId(KIND[log], this.proof.id);
    const isNamed =
      log === 'requests' ? record.request_id === uuid : record.id === changeNumberOf(uuid ?? '');
    assert(uuid !== undefined && isNamed, 'the row is another one than it says');
    const commitment = row.salt === null ? row.personal : commitmentOf(row.personal, row.salt);
    assert(record.personal === commitment, 'the personal fields are not those of the row');

    const header = this.signed<Header>(batch.header, 'gatehouse/batch/v1', 'the batch');
    assert((header.writer === 0) === (log === 'changes'), 'the batch is of the other log');
    const root = rootOfProof(leafHash(row.record), row.position, header.rows, hashes(batch.path));
    assert(root?.toString('hex') === header.root, 'the row is not in the batch');
    return header;
  }

  /** @returns the last header's hash */
  private followChain(first: Header): Buffer {
    let { batch_no: batchNo } = first;
    let last = headerHash(this.proof.batch?.header.canonical ?? '');
    for (const canonical of this.proof.chain) {
      const header = JSON.parse(canonical) as Header;
      batchNo += 1;
      const follows = header.writer === first.writer && header.batch_no === batchNo;
      assert(follows && header.prev === last.toString('hex'), `the chain breaks at batch ${batchNo}`);
      last = headerHash(canonical);
    }
    return last;
  }

  private checkAnchor(last: Buffer): void {
    const { anchor } = this.proof;
    if (!anchor) return;
    const stated = this.signed<Checkpoint>(anchor.checkpoint, 'gatehouse/checkpoint/v1', 'the checkpoint');
    const root = rootOfProof(treeLeaf(last), anchor.seq, stated.log_size, hashes(anchor.path));
    assert(root?.toString('hex') === stated.root, 'the batch is not in the log tree of the checkpoint');
    this.checkpoint = { no: stated.no, sealedAt: stated.sealed_at, root: stated.root };
    for (const { canonical } of this.trusted.published ?? []) {
      if ((JSON.parse(canonical) as Checkpoint).no !== stated.no) continue;
      assert(
        canonical === anchor.checkpoint.canonical,
        `checkpoint ${stated.no} was published as another one`,
      );
      this.published = true;
    }
    this.reaches = 'checkpoint';
  }

  private signed<Statement extends { type: string; signing_key: string }>(
    { canonical, signature }: SignedText,
    type: string,
    what: string,
  ): Statement {
    const statement = JSON.parse(canonical) as Statement;
    const worth = this.keys.check(canonical, signature, statement.signing_key);
    assert(worth !== 'no', `${what} is not signed`);
    assert(worth !== 'untrusted', `${what} is signed by a key that nobody trusts`);
    assert(statement.type === type, `${what} is none`);
    return statement;
  }
}

function assert(holds: boolean, fault: string): void {
  if (!holds) throw new Fault(fault);
}

const hashes = (path: readonly string[]) => path.map((digits) => Buffer.from(digits, 'hex'));
