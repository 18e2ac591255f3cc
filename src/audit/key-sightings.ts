import type { Transaction } from '../platform/database/index.js';

/** The first time that a key is seen in one network (IPv4 /24, IPv6 /48), in a part of the request log. */
export interface KeySighting {
  readonly keyId: string;
  /** Null where the address is not known. */
  readonly network: string | null;
  readonly at: Date;
  /** UUID of that request, and its status. */
  readonly requestId: string;
  readonly status: number;
  /** The first request there that succeeded; null where none did. */
  readonly success: { readonly at: Date; readonly requestId: string } | null;
}

/** A part of one writer's log, up to a batch. */
export interface SightingsPart {
  readonly upTo: number;
  readonly sightings: readonly KeySighting[];
}

/** Batches and rows that are looked through at once. */
const MOST_BATCHES = 1_000;
const MOST_ROWS = 5_000;

/** Every writer's newest batch. Batches of a writer are committed in their order: none below it is yet to come. */
export function requestLogHeads(tx: Transaction): Promise<{ writer: number; batchNo: number }[]> {
  return tx.query(
    `SELECT writer, batch_no::float8 AS "batchNo" FROM audit_heads() WHERE writer > 0 ORDER BY writer`,
  );
}

/** Which keys were used from where, in a writer's next batches after a number; undefined where there are none. */
export async function keySightings(
  tx: Transaction,
  writer: number,
  after: number,
): Promise<SightingsPart | undefined> {
  const batches = await tx.query<{ no: number; rows: number; at: Date }[]>(
    `SELECT batch_no::float8 AS no, row_count AS rows, committed_at AS at FROM audit_batches
     WHERE writer = $1 AND batch_no > $2 ORDER BY batch_no LIMIT ${MOST_BATCHES}`,
    [writer, after],
  );
  let sum = 0;
  const taken = batches.filter(({ rows }, index) => (sum += rows) <= MOST_ROWS || index === 0);
  const [first, last] = [taken[0], taken.at(-1)];
  if (!first || !last) return undefined;
  const rows = await tx.query<SightingRow[]>(SIGHTINGS, [writer, first.no, last.no, first.at, last.at]);
  return { upTo: last.no, sightings: rows.map(sightingOf) };
}

type SightingRow = Omit<KeySighting, 'success'> & {
  readonly successAt: Date | null;
  readonly successRequestId: string | null;
};

function sightingOf({ successAt, successRequestId, ...seen }: SightingRow): KeySighting {
  const success = successAt && successRequestId ? { at: successAt, requestId: successRequestId } : null;
  return { ...seen, success };
}

// A use is what counts as one for a key's last use (batch-use.ts): a refused one too, unless its key had ended. The
// time names the partitions that are looked into.
const SIGHTINGS = `
SELECT key_id AS "keyId",
  network(set_masklen(ip, CASE family(ip) WHEN 4 THEN 24 ELSE 48 END))::text AS network,
  min(at) AS at,
  (array_agg(request_id ORDER BY at, request_id))[1] AS "requestId",
  (array_agg(status ORDER BY at, request_id))[1] AS status,
  min(at) FILTER (WHERE status < 400) AS "successAt",
  (array_agg(request_id ORDER BY at, request_id) FILTER (WHERE status < 400))[1] AS "successRequestId"
FROM request_log
WHERE writer = $1 AND batch_no BETWEEN $2 AND $3
  AND at >= $4::timestamptz - interval '1 day' AND at < $5::timestamptz + interval '1 day'
  AND key_id IS NOT NULL AND secret_id IS NOT NULL AND completes IS NULL
  AND coalesce(error_code, '') NOT IN ('KEY_REVOKED', 'KEY_EXPIRED')
GROUP BY 1, 2
ORDER BY 3, 4`;
