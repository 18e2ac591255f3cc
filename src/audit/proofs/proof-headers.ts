import { headerCanonical } from '../evidence/batch-header.js';
import type { BoundedQuery } from '../search/bounded-read.js';

/** A batch's header, as it was signed. */
export interface StoredHeader {
  readonly writer: number;
  readonly batch_no: number;
  readonly rows: number;
  readonly canonical: string;
  readonly signature: string;
  readonly committedAt: Date;
}

interface HeaderRow {
  readonly batch_no: number;
  readonly rows: number;
  readonly root: Buffer;
  readonly prev_hash: Buffer;
  readonly sealed_at: number;
  readonly signing_key: string;
  readonly signature: Buffer;
  readonly committed_at: Date;
}

/** The headers of a writer from one batch to another, both included, in their order. */
export async function readHeaders(
  query: BoundedQuery,
  writer: number,
  first: number,
  last: number,
): Promise<StoredHeader[]> {
  const rows = await query<HeaderRow>(
    `SELECT batch_no::float8 AS batch_no, row_count AS rows, root, prev_hash, sealed_at::float8 AS sealed_at,
       signing_key, signature, committed_at
     FROM audit_batches b WHERE writer = $1 AND b.batch_no BETWEEN $2 AND $3 AND root IS NOT NULL ORDER BY b.batch_no`,
    [writer, first, last],
  );
  return rows.map((row) => ({
    writer,
    batch_no: row.batch_no,
    rows: row.rows,
    canonical: headerCanonical({
      writer,
      batchNo: row.batch_no,
      rows: row.rows,
      root: row.root,
      prevHash: row.prev_hash,
      sealedAt: row.sealed_at,
      signingKey: row.signing_key,
    }),
    signature: row.signature.toString('hex'),
    committedAt: row.committed_at,
  }));
}
