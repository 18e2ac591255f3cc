import { describe, expect, it } from '@jest/globals';
import { edgeRanges, type NodeRange, sideRanges, TreeEdge, treeLeaf, treePath } from './log-tree.js';
import { inclusionProof, merkleRoot, rootOfProof } from './merkle.js';

const COUNT = 70_000;
const leaves = Array.from({ length: COUNT }, (_, i) => treeLeaf(Buffer.from(`header ${i}`)));

/** What the database keeps. */
const stored = new Map<number, Buffer[]>([[0, leaves]]);
{
  const edge = new TreeEdge(0, new Map());
  for (const leaf of leaves) {
    for (const { level, index, hash } of edge.append(leaf)) {
      const nodes = stored.get(level) ?? [];
      nodes[index] = hash;
      stored.set(level, nodes);
    }
  }
}
const read = (ranges: readonly NodeRange[]) =>
  new Map(ranges.map(({ level, from, to }) => [level, (stored.get(level) ?? []).slice(from, to)]));

const SIZES = [1, 2, 3, 255, 256, 257, 511, 512, 513, 1_000, 65_536, 65_537, COUNT];

describe('the log tree', () => {
  it.each(SIZES)('has the root of all its %i leaves, from its right edge alone', (size) => {
    const edge = new TreeEdge(size, read(edgeRanges(size)));
    expect(edge.root()).toEqual(merkleRoot(leaves.slice(0, size)));
    const count = [...read(edgeRanges(size)).values()].reduce((sum, nodes) => sum + nodes.length, 0);
    expect(count).toBeLessThan(3 * 256);
  });

  it.each(SIZES)('proves the leaves of a tree of %i as the whole tree would', (size) => {
    const root = merkleRoot(leaves.slice(0, size));
    const seqs = new Set([0, 1, 255, 256, 300, size - 257, size - 256, size - 2, size - 1, size >> 1]);
    for (const seq of seqs) {
      if (seq < 0 || seq >= size) continue;
      const path = treePath(seq, size, read(edgeRanges(size)), read(sideRanges(seq, size)));
      expect(rootOfProof(leaves[seq] as Buffer, seq, size, path)).toEqual(root);
      if (size <= 1_000) expect(path).toEqual(inclusionProof(leaves.slice(0, size), seq));
    }
  });

  it('grows from any size as from nothing', () => {
    for (const size of [0, 200, 255, 256, 65_500]) {
      const edge = new TreeEdge(size, read(edgeRanges(size)));
      for (const leaf of leaves.slice(size, size + 100)) edge.append(leaf);
      expect(edge.size).toBe(size + 100);
      expect(edge.root()).toEqual(merkleRoot(leaves.slice(0, size + 100)));
    }
  });
});
