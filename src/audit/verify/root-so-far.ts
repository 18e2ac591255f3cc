import { merkleRoot, nodeHash } from '../evidence/merkle.js';

/** The root of a tree that grows by a leaf at a time (RFC 9162, 2.1.1), in a hash or two a leaf. */
export class RootSoFar {
  /** The roots of the complete subtrees, the largest first. */
  private readonly complete: Buffer[] = [];
  private leaves = 0;

  get size(): number {
    return this.leaves;
  }

  append(leaf: Buffer): void {
    let node = leaf;
    for (let size = this.leaves; size % 2 === 1; size = Math.floor(size / 2)) {
      node = nodeHash(this.complete.pop() ?? node, node);
    }
    this.complete.push(node);
    this.leaves += 1;
  }

  root(): Buffer {
    return this.complete.length === 0
      ? merkleRoot([])
      : this.complete.reduceRight((right, left) => nodeHash(left, right));
  }
}
