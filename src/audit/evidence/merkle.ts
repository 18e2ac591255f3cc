import { hash } from 'node:crypto';

const HASH_BYTES = 32;

/** The root over nothing: the hash of no bytes (RFC 9162, 2.1.1). */
export const EMPTY_ROOT = hash('sha256', '', 'buffer');

/** The leaf of a record: SHA-256 over a zero byte and the record's canonical bytes (RFC 9162, 2.1.1). */
export function leafHash(canonical: string): Buffer {
  return hash('sha256', `\0${canonical}`, 'buffer');
}

/** An inner node: SHA-256 over a one byte and its two children. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + HASH_BYTES);
  return hash('sha256', bytes, 'buffer');
}

/** The root of the Merkle tree over some leaves, in their order (RFC 9162, 2.1.1). */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  let level = leaves;
  while (level.length > 1) level = levelAbove(level);
  return level[0] ?? EMPTY_ROOT;
}

/** The siblings on the way from a leaf to the root, the lowest first (RFC 9162, 2.1.3.1). @param index from 0 */
export function inclusionProof(leaves: readonly Buffer[], index: number): Buffer[] {
  const path: Buffer[] = [];
  let level = leaves;
  for (let at = index; level.length > 1; at >>= 1, level = levelAbove(level)) {
    const sibling = level[at ^ 1];
    if (sibling) path.push(sibling);
  }
  return path;
}

/** The root that a leaf and its proof lead to; undefined where the proof fits no tree of that size (RFC 9162, 2.1.3.2). */
export function rootOfProof(
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly Buffer[],
): Buffer | undefined {
  if (index < 0 || index >= size) return undefined;
  let at = index;
  let last = size - 1;
  let root = leaf;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      root = nodeHash(sibling, root);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else root = nodeHash(root, sibling);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? root : undefined;
}

/** Pairs become nodes; one that is left over rises as it is, which is where RFC 9162 splits. */
function levelAbove(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const left = level[i];
    const right = level[i + 1];
    if (left) above.push(right ? nodeHash(left, right) : left);
  }
  return above;
}
