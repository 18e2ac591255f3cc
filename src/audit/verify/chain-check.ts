import { headerHash } from '../evidence/batch-header.js';
import { BatchCheck, type BatchClaim } from './batch-check.js';
import type { Findings } from './findings.js';
import type { TrustedKeys } from './trusted-keys.js';

/** A batch's header as a bundle tells it. */
export interface HeaderLine {
  readonly type: 'header';
  /** The header's canonical JSON. */
  readonly canonical: string;
  /** In hex, as the hash that the log has beside it. */
  readonly signature: string;
  readonly hash: string;
}

/** A batch of before there was evidence. */
export interface OldBatchLine {
  readonly type: 'old';
  readonly writer: number;
  readonly batch_no: number;
  readonly rows: number;
}

interface Header extends BatchClaim {
  readonly prev: string;
  readonly signingKey: string;
}

const NO_HASH = '0'.repeat(64);

/** Follows the chains of all writers, one after the other, each from its first batch on. */
export class ChainCheck {
  private writer = -1;
  private batchNo = 0;
  private hash = NO_HASH;
  batches = 0;
  writers = 0;
  notEvidenced = 0;

  constructor(
    private readonly keys: TrustedKeys,
    private readonly findings: Findings,
  ) {}

  /** The hash of the last header, in hex. */
  get lastHash(): string {
    return this.hash;
  }

  /** Takes the next header. @returns the check of its rows */
  header(line: HeaderLine): BatchCheck | undefined {
    const header = readHeader(line.canonical);
    if (!header) {
      this.findings.add({ kind: 'unreadable', log: 'requests', message: 'A header cannot be read.' });
      return undefined;
    }
    const { writer, batchNo, signingKey } = header;
    const where = { log: writer === 0 ? 'changes' : 'requests', writer, batchNo } as const;
    const signed = this.keys.check(line.canonical, line.signature, signingKey);
    const hash = headerHash(line.canonical).toString('hex');
    if (signed === 'no' || hash !== line.hash) {
      this.findings.add({ kind: 'altered', ...where, message: 'The header is not the one that was signed.' });
    } else if (signed === 'untrusted') {
      this.findings.add({
        kind: 'untrusted',
        ...where,
        message: `Signed by ${signingKey}, which nobody trusts.`,
      });
    }
    this.follow(writer, batchNo, header.prev);
    this.hash = hash;
    return new BatchCheck(header, this.findings);
  }

  old({ writer, batch_no: batchNo, rows }: OldBatchLine): void {
    this.follow(writer, batchNo, this.hash);
    this.hash = NO_HASH;
    this.notEvidenced += rows;
  }

  private follow(writer: number, batchNo: number, prev: string): void {
    if (writer !== this.writer) {
      this.writer = writer;
      this.batchNo = 0;
      this.hash = NO_HASH;
      this.writers += 1;
    }
    const where = { log: writer === 0 ? 'changes' : 'requests', writer } as const;
    if (batchNo > this.batchNo + 1) {
      const message = `Batches ${this.batchNo + 1} to ${batchNo - 1} are not there.`;
      this.findings.add({ kind: 'missing', ...where, batchNo: this.batchNo + 1, message });
    } else if (batchNo <= this.batchNo) {
      this.findings.add({ kind: 'forked', ...where, batchNo, message: 'A second batch of this number.' });
    } else if (prev !== this.hash) {
      this.findings.add({ kind: 'forked', ...where, batchNo, message: 'It names another batch before it.' });
    }
    this.batchNo = batchNo;
    this.batches += 1;
  }
}

function readHeader(canonical: string): Header | undefined {
  try {
    const { writer, batch_no, rows, root, prev, signing_key } = JSON.parse(canonical) as Record<
      string,
      unknown
    >;
    if (typeof writer !== 'number' || typeof batch_no !== 'number' || typeof rows !== 'number')
      return undefined;
    if (typeof root !== 'string' || typeof prev !== 'string' || typeof signing_key !== 'string')
      return undefined;
    if (!Number.isInteger(rows) || rows < 0 || rows > MOST_ROWS) return undefined;
    return { writer, batchNo: batch_no, rows, root, prev, signingKey: signing_key };
  } catch {
    return undefined;
  }
}

/** More rows than any batch has. */
const MOST_ROWS = 1_000_000;
