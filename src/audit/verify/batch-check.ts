import { merkleRoot } from '../evidence/merkle.js';
import type { Finding, Findings } from './findings.js';
import type { CheckedRow } from './row-line.js';

/** Up to how many rows a batch is searched for two that changed places. */
const MOST_SEARCHED = 256;

/** What a header says of its batch. */
export interface BatchClaim {
  readonly writer: number;
  readonly batchNo: number;
  readonly rows: number;
  /** In hex. */
  readonly root: string;
}

/** Checks the rows of one batch against its root, as they come. */
export class BatchCheck {
  private readonly leaves: (Buffer | undefined)[];
  /** As the log has them beside the rows. */
  private readonly stored = new Map<number, Buffer>();
  private readonly log: Finding['log'];
  private present = 0;
  private keptLeaves = 0;
  private purgedRows = 0;
  private altered = false;
  private notBrought = false;
  erased = 0;

  constructor(
    readonly claim: BatchClaim,
    private readonly findings: Findings,
  ) {
    this.leaves = new Array<Buffer | undefined>(claim.rows);
    this.log = claim.writer === 0 ? 'changes' : 'requests';
  }

  /** Its rows were left out on purpose: they are neither missing nor looked at. @returns how many they are */
  leftOut(): number {
    this.notBrought = true;
    return this.claim.rows - this.purgedRows;
  }

  /** Rows of it that a purge took, by its record. */
  purged(rows: number): void {
    this.purgedRows += rows;
  }

  /** Takes what a row's line comes to, null where it cannot be read. */
  row(row: CheckedRow | null, line: () => Buffer): void {
    if (!row) {
      this.tell('unreadable', undefined, {}, 'A row cannot be read.');
      return;
    }
    const { position, leaf, holds } = row;
    const named = () => nameOf(line(), this.claim.writer);
    if (position >= this.claim.rows || this.leaves[position]) {
      this.tell('added', position, named(), 'A row that the batch does not have.');
      return;
    }
    this.leaves[position] = leaf;
    this.present += 1;
    if (row.erased) this.erased += 1;
    if (holds) return;
    this.altered = true;
    this.stored.set(position, storedLeaf(line()));
    this.tell('altered', position, named(), 'The row is not the one that was sealed.');
  }

  /** The leaf of a row that a purge took. */
  keptLeaf(position: number, leafHex: string): void {
    if (position >= this.claim.rows || this.leaves[position]) return;
    this.leaves[position] = Buffer.from(leafHex, 'hex');
    this.keptLeaves += 1;
  }

  /** When all its rows were given. */
  close(): void {
    const { rows, root } = this.claim;
    const gone = this.present === 0 && this.keptLeaves === 0 && this.purgedRows === rows;
    if (gone || this.notBrought) return;
    let unknown = 0;
    for (let position = 0; position < rows; position += 1) {
      if (this.leaves[position]) continue;
      unknown += 1;
      this.tell('missing', position, {}, 'A row of the batch is not there.');
    }
    if (this.keptLeaves > this.purgedRows) {
      this.tell(
        'missing',
        undefined,
        {},
        `${this.keptLeaves} rows are not there, ${this.purgedRows} were purged.`,
      );
    }
    if (unknown > 0) return;
    const leaves = this.leaves as Buffer[];
    if (merkleRoot(leaves).toString('hex') === root) return;
    if (this.altered && this.rootAsStored(leaves) === root) return;
    this.explain(leaves);
  }

  /** The root where altered rows had the leaves that stand beside them: then these rows alone are altered. */
  private rootAsStored(leaves: readonly Buffer[]): string {
    return merkleRoot(leaves.map((leaf, position) => this.stored.get(position) ?? leaf)).toString('hex');
  }

  private explain(leaves: readonly Buffer[]): void {
    const swapped = exchanged(leaves, this.claim.root);
    for (const position of swapped ?? []) {
      this.tell('reordered', position, {}, 'The row stands in another’s place.');
    }
    if (swapped) return;
    this.tell(
      'altered',
      undefined,
      {},
      'Rows of the batch were altered together with their leaves, or moved.',
    );
  }

  private tell(
    kind: Finding['kind'],
    position: number | undefined,
    named: Pick<Finding, 'requestId' | 'changeId'>,
    message: string,
  ): void {
    const { writer, batchNo } = this.claim;
    this.findings.add({
      kind,
      log: this.log,
      writer,
      batchNo,
      ...(position !== undefined && { position }),
      ...named,
      message,
    });
  }
}

/** Two rows that make the root what it should be when they change places; undefined where no two do. */
function exchanged(leaves: readonly Buffer[], root: string): [number, number] | undefined {
  if (leaves.length > MOST_SEARCHED) return undefined;
  const tried = [...leaves];
  for (const [first, a] of leaves.entries()) {
    for (let second = first + 1; second < leaves.length; second += 1) {
      const b = leaves[second];
      if (!b || a.equals(b)) continue;
      tried[first] = b;
      tried[second] = a;
      if (merkleRoot(tried).toString('hex') === root) return [first, second];
      tried[second] = b;
    }
    tried[first] = a;
  }
  return undefined;
}

const REQUEST_ID = Buffer.from('"request_id":"');
const CHANGE_ID = Buffer.from(',"id":');
const STORED_LEAF = Buffer.from('"leaf":"');

/** Which row a line is of: by the id in its record. */
function nameOf(line: Buffer, writer: number): Pick<Finding, 'requestId' | 'changeId'> {
  const [mark, digits] = writer === 0 ? [CHANGE_ID, 20] : [REQUEST_ID, 36];
  const at = line.lastIndexOf(mark);
  if (at === -1) return {};
  const text = line.toString('latin1', at + mark.length, at + mark.length + digits);
  return writer === 0 ? { changeId: Number.parseInt(text, 10) } : { requestId: text };
}

function storedLeaf(line: Buffer): Buffer {
  const at = line.indexOf(STORED_LEAF) + STORED_LEAF.length;
  return Buffer.from(line.toString('latin1', at, at + 64), 'hex');
}
