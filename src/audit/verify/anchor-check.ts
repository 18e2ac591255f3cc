import { headerHash } from '../evidence/batch-header.js';
import { treeLeaf } from '../evidence/log-tree.js';
import type { Findings, VerifyReport } from './findings.js';
import { RootSoFar } from './root-so-far.js';
import type { TrustedKeys } from './trusted-keys.js';

/** An entry of the log tree. */
export interface TreeLine {
  readonly type: 'tree';
  readonly seq: number;
  readonly writer: number;
  readonly batch_no: number;
  /** In hex. */
  readonly header_hash: string;
}

/** A checkpoint, in a bundle or as it was published. */
export interface CheckpointLine {
  readonly canonical: string;
  /** In hex, as the hash. */
  readonly signature: string;
  readonly hash: string;
}

interface Statement {
  readonly no: number;
  readonly logSize: number;
  readonly prev: string;
  readonly root: string;
  readonly sealedAt: number;
  readonly signingKey: string;
}

const HASH_BYTES = 32;
const NO_HASH = '0'.repeat(64);

/** Checks the log tree and the checkpoints over it, against each other and against those that were published. */
export class AnchorCheck {
  private entries = Buffer.alloc(HASH_BYTES * 1_024);
  private known = new Set<number>();
  private count = 0;
  private readonly tree = new RootSoFar();
  private readonly hashes: string[] = [];
  private last: Statement | undefined;

  /** @param published checkpoints that were kept outside, as they were published */
  constructor(
    private readonly keys: TrustedKeys,
    private readonly published: readonly CheckpointLine[],
    private readonly findings: Findings,
  ) {}

  get checkpoints(): number {
    return this.hashes.length;
  }

  get newest(): VerifyReport['checkpoint'] {
    return this.last ? { no: this.last.no, root: this.last.root, sealedAt: this.last.sealedAt } : null;
  }

  entry({ seq, header_hash }: TreeLine): void {
    if (!Number.isSafeInteger(seq) || seq < 0 || this.known.has(seq)) {
      this.findings.add({
        kind: 'added',
        log: 'checkpoints',
        message: `A second entry ${seq} of the log tree.`,
      });
      return;
    }
    const end = (seq + 1) * HASH_BYTES;
    // Entries come by writer, not in their order: room for any that may follow.
    if (end > this.entries.length) this.entries = Buffer.concat([this.entries, Buffer.alloc(end)]);
    treeLeaf(Buffer.from(header_hash, 'hex')).copy(this.entries, seq * HASH_BYTES);
    this.known.add(seq);
    this.count = Math.max(this.count, seq + 1);
  }

  /** Takes the next checkpoint, when all entries were given. */
  checkpoint(line: CheckpointLine): void {
    const statement = readStatement(line.canonical);
    if (!statement) return this.tell('unreadable', 'A checkpoint cannot be read.');
    const { no, logSize, prev, root, signingKey } = statement;
    const name = `Checkpoint ${no}`;
    const hash = headerHash(line.canonical).toString('hex');
    const signed = this.keys.check(line.canonical, line.signature, signingKey);
    if (signed === 'no' || hash !== line.hash)
      this.tell('altered', `${name} is not the one that was signed.`);
    else if (signed === 'untrusted')
      this.tell('untrusted', `${name} is signed by ${signingKey}, which nobody trusts.`);
    const expected = (this.last?.no ?? 0) + 1;
    if (no !== expected) this.tell('missing', `Checkpoints ${expected} to ${no - 1} are not there.`);
    else if (prev !== (this.hashes.at(-1) ?? NO_HASH))
      this.tell('forked', `${name} names another one before it.`);
    this.grow(logSize);
    if (this.tree.size !== logSize)
      this.tell('missing', `${name} covers entries of the log tree that are not there.`);
    else if (this.tree.root().toString('hex') !== root) {
      this.tell('altered', `${name} has another root than the log tree.`);
    }
    this.hashes[no - 1] = hash;
    this.last = statement;
  }

  /** When all was given. */
  close(): void {
    if (this.known.size < this.count) this.tell('missing', 'Entries of the log tree are not there.');
    if (this.count > (this.last?.logSize ?? 0))
      this.tell('added', 'The log tree has entries that no checkpoint covers.');
    for (const line of this.published) {
      const statement = readStatement(line.canonical);
      const signed = statement && this.keys.check(line.canonical, line.signature, statement.signingKey);
      if (!statement || signed === 'no') {
        this.tell('unreadable', 'A published checkpoint is not signed as it says.');
        continue;
      }
      const hash = headerHash(line.canonical).toString('hex');
      const own = this.hashes[statement.no - 1];
      if (own === undefined)
        this.tell('missing', `Checkpoint ${statement.no} was published, and the log ends before it.`);
      else if (own !== hash)
        this.tell('forked', `Checkpoint ${statement.no} is another one than was published.`);
    }
  }

  private grow(size: number): void {
    for (let seq = this.tree.size; seq < size && this.known.has(seq); seq += 1) {
      this.tree.append(this.entries.subarray(seq * HASH_BYTES, (seq + 1) * HASH_BYTES));
    }
  }

  private tell(
    kind: 'altered' | 'missing' | 'forked' | 'added' | 'untrusted' | 'unreadable',
    message: string,
  ): void {
    this.findings.add({ kind, log: 'checkpoints', message });
  }
}

function readStatement(canonical: string): Statement | undefined {
  try {
    const { no, log_size, prev, root, sealed_at, signing_key, type } = JSON.parse(canonical) as Record<
      string,
      unknown
    >;
    if (type !== 'gatehouse/checkpoint/v1' || typeof no !== 'number' || typeof log_size !== 'number')
      return undefined;
    if (typeof prev !== 'string' || typeof root !== 'string' || typeof signing_key !== 'string')
      return undefined;
    if (!Number.isSafeInteger(no) || no < 1 || typeof sealed_at !== 'number') return undefined;
    return { no, logSize: log_size, prev, root, sealedAt: sealed_at, signingKey: signing_key };
  } catch {
    return undefined;
  }
}
