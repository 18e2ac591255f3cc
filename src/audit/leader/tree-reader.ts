import { edgeRanges, type NodeRange, TREE_LEVELS, treeLeaf } from '../evidence/log-tree.js';

/** Asks the database, however the caller does. */
export type Ask = <Row>(text: string, values: readonly unknown[]) => Promise<Row[]>;

/** The nodes of some ranges, by level, each level's in their order. At most 256 a range, below 2^32 leaves. */
export async function readNodes(
  ask: Ask,
  ranges: readonly NodeRange[],
): Promise<Map<number, readonly Buffer[]>> {
  const rangeOf = (level: number) => ranges.find((range) => range.level === level) ?? { from: 0, to: 0 };
  const leaves = rangeOf(0);
  const headers = await ask<{ hash: Buffer }>(
    'SELECT header_hash AS hash FROM audit_tree WHERE seq >= $1 AND seq < $2 ORDER BY seq',
    [leaves.from, leaves.to],
  );
  const levels = TREE_LEVELS.filter((level) => level > 0);
  const nodes = await ask<{ level: number; hash: Buffer }>(
    `SELECT n.level, n.hash FROM audit_tree_nodes n
     JOIN unnest($1::smallint[], $2::bigint[], $3::bigint[]) AS r (level, low, high)
       ON n.level = r.level AND n.index >= r.low AND n.index < r.high
     ORDER BY n.level, n.index`,
    [levels, levels.map((level) => rangeOf(level).from), levels.map((level) => rangeOf(level).to)],
  );
  return new Map<number, readonly Buffer[]>([
    [0, headers.map(({ hash }) => treeLeaf(hash))],
    ...levels.map(
      (level) => [level, nodes.filter((node) => node.level === level).map(({ hash }) => hash)] as const,
    ),
  ]);
}

/** The right edge of the tree when it had that many leaves. */
export function readEdge(ask: Ask, size: number): Promise<Map<number, readonly Buffer[]>> {
  return readNodes(ask, edgeRanges(size));
}
