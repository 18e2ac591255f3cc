import { inclusionProof, leafHash, merkleRoot } from './merkle.js';

/** Leaves under a stored node, and nodes under one of the next level. */
const FAN = 256;
const FAN_BITS = 8;

/** Heights of what is kept: the leaves, and the roots of 256, 65,536 and 16,777,216 of them. */
export const TREE_LEVELS = [0, 8, 16, 24] as const;
const TOP = 24;

/** The leaf of a batch in the log tree: its header's hash, in hex. */
export function treeLeaf(headerHash: Buffer): Buffer {
  return leafHash(headerHash.toString('hex'));
}

/** A node that is complete, and never changes again. */
export interface TreeNode {
  readonly level: number;
  /** From 0, among those of its level. */
  readonly index: number;
  readonly hash: Buffer;
}

/** Which nodes of a level belong together: from the first up to, and without, the last. */
export interface NodeRange {
  readonly level: number;
  readonly from: number;
  readonly to: number;
}

/** The complete nodes of each level that no complete node of the level above covers yet: the tree's right edge. */
export function edgeRanges(size: number): NodeRange[] {
  return TREE_LEVELS.map((level) => {
    const to = Math.floor(size / 2 ** level);
    return { level, from: level === TOP ? 0 : to - (to % FAN), to };
  });
}

/** The complete nodes beside the way from a leaf up to the root, where the tree has that many leaves. */
export function sideRanges(seq: number, size: number): NodeRange[] {
  return TREE_LEVELS.map((level) => {
    const complete = Math.floor(size / 2 ** level);
    const block = Math.floor(seq / 2 ** level / FAN) * FAN;
    const from = level === TOP ? 0 : block;
    return { level, from, to: level === TOP ? complete : Math.min(complete, block + FAN) };
  });
}

/** The right edge of a growing tree: enough to append leaves and to know the root, however large the tree is. */
export class TreeEdge {
  private readonly open: Map<number, Buffer[]>;
  private grown: number;

  /** @param nodes those of `edgeRanges(size)`, of each level in their order */
  constructor(size: number, nodes: ReadonlyMap<number, readonly Buffer[]>) {
    this.grown = size;
    this.open = new Map(TREE_LEVELS.map((level) => [level, [...(nodes.get(level) ?? [])]]));
  }

  get size(): number {
    return this.grown;
  }

  /** Appends a leaf. @returns the nodes that it completes */
  append(leaf: Buffer): TreeNode[] {
    const completed: TreeNode[] = [];
    this.grown += 1;
    let hash = leaf;
    for (const level of TREE_LEVELS) {
      const nodes = this.open.get(level) ?? [];
      nodes.push(hash);
      if (level === TOP || nodes.length < FAN) break;
      hash = merkleRoot(nodes);
      nodes.length = 0;
      const above = level + FAN_BITS;
      completed.push({ level: above, index: this.grown / 2 ** above - 1, hash });
    }
    return completed;
  }

  /** The root over all leaves: level by level, what is incomplete stands last, which is where RFC 9162 splits. */
  root(): Buffer {
    let rest: Buffer | undefined;
    for (const level of TREE_LEVELS) rest = rootWith(this.open.get(level) ?? [], rest);
    return rest ?? merkleRoot([]);
  }
}

/**
 * The siblings on the way from a leaf to the root, the lowest first (RFC 9162, 2.1.3.1).
 * @param edge the nodes of `edgeRanges(size)` by level
 * @param sides the nodes of `sideRanges(seq, size)` by level
 */
export function treePath(
  seq: number,
  size: number,
  edge: ReadonlyMap<number, readonly Buffer[]>,
  sides: ReadonlyMap<number, readonly Buffer[]>,
): Buffer[] {
  const path: Buffer[] = [];
  let rest: Buffer | undefined;
  const ranges = sideRanges(seq, size);
  for (const [at, level] of TREE_LEVELS.entries()) {
    const nodes = sides.get(level) ?? [];
    const { from = 0, to = 0 } = ranges[at] ?? {};
    const complete = Math.floor(size / 2 ** level);
    // What is incomplete on the levels below is the last one of this level, where this block reaches so far.
    const block = to === complete && to - from < blockSize(level) && rest ? [...nodes, rest] : nodes;
    const index = Math.floor(seq / 2 ** level) - from;
    if (block.length > 1) path.push(...inclusionProof(block, index));
    rest = rootWith(edge.get(level) ?? [], rest);
  }
  return path;
}

const blockSize = (level: number) => (level === TOP ? Infinity : FAN);

function rootWith(nodes: readonly Buffer[], rest: Buffer | undefined): Buffer | undefined {
  if (nodes.length === 0) return rest;
  return merkleRoot(rest ? [...nodes, rest] : nodes);
}
