import { headerHash, NO_HASH } from '../evidence/batch-header.js';
import { checkpointCanonical, type CheckpointStatement } from '../evidence/checkpoint.js';
import { TreeEdge, treeLeaf, type TreeNode } from '../evidence/log-tree.js';
import type { Signer } from '../evidence/signing-keys.js';
import type { LeaderConnection } from './leader-connection.js';
import { readEdge } from './tree-reader.js';

interface Head {
  readonly writer: number;
  readonly batch_no: string;
  readonly header_hash: Buffer;
}

/**
 * Brings the heads of all chains that have grown into the log tree, and signs a checkpoint over it. A head anchors the
 * batches before it, because each header names the one before.
 * @returns the new checkpoint's number; undefined where nothing is new
 * @throws LeadLost; GH003 where another leader was first
 */
export async function appendCheckpoint(
  connection: LeaderConnection,
  signer: Signer,
): Promise<number | undefined> {
  const [last] = await connection.query<{ no: string; log_size: string; hash: Buffer }>(
    'SELECT no, log_size, hash FROM audit_checkpoints ORDER BY no DESC LIMIT 1',
  );
  const heads = await connection.query<Head>(
    `SELECT writer, batch_no, header_hash FROM audit_heads()
     WHERE batch_no > anchored_no AND header_hash IS NOT NULL ORDER BY writer`,
  );
  if (heads.length === 0) return undefined;

  const sizeBefore = Number(last?.log_size ?? 0);
  const edge = new TreeEdge(
    sizeBefore,
    await readEdge((text, values) => connection.query(text, values), sizeBefore),
  );
  const completed: TreeNode[] = heads.flatMap((head) => edge.append(treeLeaf(head.header_hash)));
  const checkpoint: CheckpointStatement = {
    no: Number(last?.no ?? 0) + 1,
    logSize: edge.size,
    root: edge.root(),
    prevHash: last?.hash ?? NO_HASH,
    sealedAt: Date.now(),
    signingKey: signer.id,
  };
  const canonical = checkpointCanonical(checkpoint);
  await connection.query(
    'SELECT audit_append_checkpoint($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)',
    [
      checkpoint.no,
      sizeBefore,
      checkpoint.logSize,
      checkpoint.root,
      checkpoint.prevHash,
      checkpoint.sealedAt,
      checkpoint.signingKey,
      signer.sign(canonical),
      headerHash(canonical),
      heads.map(({ writer }) => writer),
      heads.map(({ batch_no }) => batch_no),
      heads.map(({ header_hash }) => header_hash),
      completed.map(({ level }) => level),
      completed.map(({ index }) => index),
      completed.map(({ hash }) => hash),
    ],
  );
  return checkpoint.no;
}
