import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_ROOT, inclusionProof, leafHash, merkleRoot, nodeHash, rootOfProof } from './merkle.js';

/** As RFC 9162, 2.1.1 words it: split at the largest power of two below the size. */
function rootByDefinition(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (!first) return EMPTY_ROOT;
  if (leaves.length === 1) return first;
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(rootByDefinition(leaves.slice(0, split)), rootByDefinition(leaves.slice(split)));
}

const leavesOf = (count: number) => Array.from({ length: count }, (_, i) => leafHash(`record ${i}`));

describe('a Merkle tree', () => {
  it('has the root that RFC 9162 defines, at every size', () => {
    for (let size = 0; size <= 130; size++) {
      expect(merkleRoot(leavesOf(size))).toEqual(rootByDefinition(leavesOf(size)));
    }
  });

  it('has the published roots of the empty tree and of one empty leaf', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(merkleRoot([leafHash('')]).toString('hex')).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
  });

  it('proves each of its leaves, and no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, pick, other) => {
        const leaves = leavesOf(size);
        const index = pick % size;
        const leaf = leaves[index] ?? EMPTY_ROOT;
        const path = inclusionProof(leaves, index);
        const root = merkleRoot(leaves);
        expect(rootOfProof(leaf, index, size, path)).toEqual(root);
        const elsewhere = other % size;
        if (elsewhere !== index) expect(rootOfProof(leaf, elsewhere, size, path)).not.toEqual(root);
        expect(rootOfProof(leafHash('forged'), index, size, path)).not.toEqual(root);
        expect(rootOfProof(leaf, index, size, [...path, root])).not.toEqual(root);
        expect(rootOfProof(leaf, size, size, path)).toBeUndefined();
      }),
    );
  });
});
