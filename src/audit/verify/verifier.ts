import { AnchorCheck, type CheckpointLine, type TreeLine } from './anchor-check.js';
import type { BatchCheck } from './batch-check.js';
import { ChainCheck, type HeaderLine, type OldBatchLine } from './chain-check.js';
import { Findings, type VerifyReport } from './findings.js';
import { PurgeCheck, type PurgedLine, type PurgeLine } from './purge-check.js';
import { eachLine, type HashedLines } from './hashed-lines.js';
import { OpenBatches } from './open-batches.js';
import { type CheckedRow, checkRow, isRowLine } from './row-line.js';
import { type KeyLine, TrustedKeys } from './trusted-keys.js';

/** What an auditor brings. */
export interface VerifyOptions {
  /** Public keys in hex that are trusted; without any, the log's first one is. */
  readonly trusted?: readonly string[];
  /** Checkpoints that were kept outside, as they were published. */
  readonly published?: readonly CheckpointLine[];
  /** Batches may come without their rows, and say so. Else that is what it would be: rows that are missing. */
  readonly partial?: boolean;
  /** How many findings are told; all are counted. Default 1,000. */
  readonly most?: number;
}

/** A change that waits to be sealed, or was taken away before it was. */
interface UnsealedLine {
  readonly type: 'unsealed';
  readonly change_id: number;
  readonly present: boolean;
}

/** A row that belongs to no batch. */
interface AddedLine {
  readonly type: 'added';
  readonly log: 'requests' | 'changes';
  readonly id: string | number;
}

/** A leaf whose row was purged. */
interface LeafLine {
  readonly type: 'leaf';
  readonly position: number;
  readonly leaf: string;
}

/** The rows of the batch before are outside the range. */
interface LeftOutLine {
  readonly type: 'left-out';
}

type Line =
  | { readonly type: 'gatehouse/bundle/v1' }
  | KeyLine
  | PurgeLine
  | HeaderLine
  | OldBatchLine
  | TreeLine
  | PurgedLine
  | LeafLine
  | LeftOutLine
  | UnsealedLine
  | AddedLine
  | ({ readonly type: 'checkpoint' } & CheckpointLine)
  | { readonly type: 'end'; readonly lines: number };

/**
 * Verifies an evidence bundle, line by line, with the public keys alone. Memory is bounded by one batch, and by 32
 * bytes for each entry of the log tree and each checkpoint.
 */
export class Verifier {
  private readonly findings: Findings;
  private readonly keys: TrustedKeys;
  private readonly purges: PurgeCheck;
  private readonly chains: ChainCheck;
  private readonly anchors: AnchorCheck;
  private batch: BatchCheck | undefined;
  private purgedNext: PurgedLine[] = [];
  private rows = 0;
  private lines = 0;
  private erased = 0;
  private notSealed = 0;
  private notRead = 0;
  private readonly partial: boolean;
  private readonly open = new OpenBatches();
  private ended = false;

  constructor({ trusted = [], published = [], partial = false, most = 1_000 }: VerifyOptions = {}) {
    this.findings = new Findings(most);
    this.partial = partial;
    this.keys = new TrustedKeys(new Set(trusted));
    this.purges = new PurgeCheck(this.keys, this.findings);
    this.chains = new ChainCheck(this.keys, this.findings);
    this.anchors = new AnchorCheck(this.keys, published, this.findings);
  }

  /** How many rows were looked at. */
  get rowsDone(): number {
    return this.rows;
  }

  /** Takes the next line, and spoils it. Whatever it is, it is a line of a bundle or a finding. */
  accept(line: Buffer): void {
    this.acceptHashed(isRowLine(line) ? (checkRow(line) ?? null) : undefined, () => line);
  }

  /** The same of a line that was hashed elsewhere. */
  acceptHashed(row: CheckedRow | null | undefined, line: () => Buffer): void {
    this.lines += 1;
    try {
      if (row !== undefined) this.row(row, line);
      else this.take(JSON.parse(line().toString()) as Line);
    } catch {
      const message = `Line ${this.lines} cannot be read.`;
      this.findings.add({ kind: 'unreadable', log: 'requests', message });
    }
  }

  /** When all lines were given. */
  finish(): VerifyReport {
    this.closeBatch();
    this.purges.close();
    this.anchors.close();
    if (!this.ended) {
      this.findings.add({
        kind: 'missing',
        log: 'requests',
        message: 'The bundle ends before its last line.',
      });
    }
    const notAnchoredBatches = this.open.ranges();
    return {
      intact: this.findings.count === 0,
      rows: this.rows,
      batches: this.chains.batches,
      writers: this.chains.writers,
      checkpoints: this.anchors.checkpoints,
      checkpoint: this.anchors.newest,
      notAnchored: notAnchoredBatches.reduce((sum, { rows }) => sum + rows, 0),
      notAnchoredBatches,
      notSealed: this.notSealed,
      notEvidenced: this.chains.notEvidenced,
      notRead: this.notRead,
      erased: this.erased,
      purged: this.purges.days,
      trustedOnFirstUse: this.keys.trustedOnFirstUse,
      findingCount: this.findings.count,
      findings: this.findings.first,
    };
  }

  private row(row: CheckedRow | null, line: () => Buffer): void {
    this.rows += 1;
    this.open.row();
    if (this.batch) this.batch.row(row, line);
    else this.findings.add({ kind: 'unreadable', log: 'requests', message: 'A row without a header.' });
  }

  private take(line: Line): void {
    switch (line.type) {
      case 'gatehouse/bundle/v1':
        return;
      case 'key':
        return this.keys.add(line, this.findings);
      case 'purge':
        return this.purges.record(line);
      case 'purged':
        this.purgedNext.push(line);
        return;
      case 'header':
        this.begin(line);
        return;
      case 'old':
        this.closeBatch();
        this.open.batch(line.writer, line.batch_no);
        return this.chains.old(line);
      case 'leaf':
        return this.batch?.keptLeaf(line.position, line.leaf);
      case 'left-out':
        if (this.partial) this.notRead += this.batch?.leftOut() ?? 0;
        return;
      case 'tree':
        return this.anchor(line);
      case 'checkpoint':
        this.closeBatch();
        return this.anchors.checkpoint(line);
      case 'unsealed':
        this.closeBatch();
        return this.unsealed(line);
      case 'added':
        this.closeBatch();
        return this.added(line);
      case 'end':
        this.closeBatch();
        this.ended = line.lines === this.lines;
    }
  }

  private begin(line: HeaderLine): void {
    this.closeBatch();
    this.batch = this.chains.header(line);
    if (!this.batch) return;
    this.open.batch(this.batch.claim.writer, this.batch.claim.batchNo);
    for (const purged of this.purgedNext.splice(0)) {
      const { writer, batchNo } = this.batch.claim;
      if (purged.writer === writer && purged.batch_no === batchNo)
        this.batch.purged(this.purges.purged(purged));
    }
  }

  private anchor(line: TreeLine): void {
    this.anchors.entry(line);
    const { writer, batch_no: batchNo } = line;
    const log = writer === 0 ? 'changes' : 'requests';
    const here = this.batch?.claim.writer === writer && this.batch.claim.batchNo === batchNo;
    if (!here) {
      const message = 'The log tree has this batch, and the log does not.';
      this.findings.add({ kind: 'missing', log, writer, batchNo, message });
    } else if (this.chains.lastHash !== line.header_hash) {
      const message = 'The log tree has another header of this batch.';
      this.findings.add({ kind: 'forked', log, writer, batchNo, message });
    }
    // Tree entries stand behind their batch's rows.
    if (here) this.open.anchored();
  }

  private unsealed({ change_id: changeId, present }: UnsealedLine): void {
    if (present) {
      this.notSealed += 1;
      return;
    }
    const message = 'A change was taken away before it was sealed.';
    this.findings.add({ kind: 'missing', log: 'changes', changeId, message });
  }

  private added({ log, id }: AddedLine): void {
    const named = typeof id === 'string' ? { requestId: id } : { changeId: id };
    this.findings.add({ kind: 'added', log, ...named, message: 'A row that belongs to no batch.' });
  }

  private closeBatch(): void {
    this.batch?.close();
    this.erased += this.batch?.erased ?? 0;
    this.batch = undefined;
  }
}

/** Verifies a whole bundle. @param groups its lines, some at a time, each without its line break */
export async function verifyLines(
  groups: AsyncIterable<readonly Buffer[]>,
  options: VerifyOptions = {},
  onProgress: (rows: number) => void = () => undefined,
): Promise<VerifyReport> {
  const verifier = new Verifier(options);
  for await (const lines of groups) {
    for (const line of lines) verifier.accept(line);
    onProgress(verifier.rowsDone);
  }
  return verifier.finish();
}

/** The same, of lines that were hashed elsewhere. */
export async function verifyHashed(
  groups: AsyncIterable<HashedLines>,
  options: VerifyOptions = {},
  onProgress: (rows: number) => void = () => undefined,
): Promise<VerifyReport> {
  const verifier = new Verifier(options);
  for await (const group of groups) {
    eachLine(group, (row, line) => verifier.acceptHashed(row, line));
    onProgress(verifier.rowsDone);
  }
  return verifier.finish();
}
