import type { Transaction } from '../platform/database/index.js';

export const GRANULARITIES = ['day', 'hour'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** What one bucket of a series is long, in milliseconds: days are UTC's, which have no summer time. */
export const BUCKET_MS: Readonly<Record<Granularity, number>> = { day: 86_400_000, hour: 3_600_000 };

/** Whole hours or days (UTC): from the start of one up to the start of another. */
export interface UsageRange {
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  readonly granularity: Granularity;
}

export interface Use {
  /** Refused ones too. */
  readonly requests: number;
  /** Those charged to the quota. */
  readonly charged: number;
}

export interface UseFrom extends Use {
  readonly from: Date;
}

export interface UseOfKey extends Use {
  readonly keyId: string;
  readonly storeId: string;
}

/** Where use is counted: stores, or a key; UUIDs. */
export type UsageOwner = { readonly storeIds: readonly string[] } | { readonly keyId: string };

/** The use in every bucket of a range, zeros included. */
export async function usageSeries(
  tx: Transaction,
  owner: UsageOwner,
  { from, to, granularity }: UsageRange,
): Promise<UseFrom[]> {
  const [condition, value] =
    'keyId' in owner ? ['key_id = $1', owner.keyId] : ['store_id = ANY ($1)', owner.storeIds];
  const rows = await tx.query<(Use & { at: number })[]>(
    `SELECT (extract(epoch FROM date_trunc($4, hour, 'UTC')) * 1000)::float8 AS at,
       sum(requests)::float8 AS requests, sum(charged)::float8 AS charged
     FROM key_usage WHERE ${condition} AND hour >= $2 AND hour < $3 GROUP BY 1`,
    [value, from, to, granularity],
  );
  const used = new Map(rows.map((row) => [row.at, row]));
  const series: UseFrom[] = [];
  for (let at = from.getTime(); at < to.getTime(); at += BUCKET_MS[granularity]) {
    const { requests = 0, charged = 0 } = used.get(at) ?? {};
    series.push({ from: new Date(at), requests, charged });
  }
  return series;
}

/** Which keys are told of, beside the sums of the stores: the most charged first. */
export interface KeysOfUse {
  readonly limit: number;
  /** Of this store alone; null: of all that are asked for. */
  readonly storeId: string | null;
  /** Told of wherever it stands; null: none. */
  readonly always: string | null;
}

export interface UsageByOwner {
  /** Those with any use. */
  readonly stores: readonly (Use & { readonly storeId: string })[];
  readonly keys: readonly UseOfKey[];
  /** Whether more keys were used than are told of. */
  readonly hasMoreKeys: boolean;
}

// One scan: what the keys used is summed up to what the stores did, so that deleted keys are in both.
const BY_OWNER = `
WITH key AS MATERIALIZED (
  SELECT store_id, key_id, sum(requests)::float8 AS requests, sum(charged)::float8 AS charged
  FROM key_usage WHERE store_id = ANY ($1) AND hour >= $2 AND hour < $3
  GROUP BY store_id, key_id
), ranked AS (
  SELECT *, row_number() OVER (ORDER BY charged DESC, requests DESC, key_id)::integer AS rank
  FROM key WHERE $4::uuid IS NULL OR store_id = $4
)
SELECT store_id AS "storeId", NULL::uuid AS "keyId", sum(requests) AS requests, sum(charged) AS charged, 0 AS rank
FROM key GROUP BY store_id
UNION ALL
SELECT store_id, key_id, requests, charged, rank FROM ranked WHERE rank <= $5 + 1 OR key_id = $6
ORDER BY rank`;

/** The use of stores and of their keys in a range, added up. */
export async function usageByOwner(
  tx: Transaction,
  storeIds: readonly string[],
  { from, to }: UsageRange,
  { limit, storeId, always }: KeysOfUse,
): Promise<UsageByOwner> {
  const rows = await tx.query<(Use & { storeId: string; keyId: string | null; rank: number })[]>(BY_OWNER, [
    storeIds,
    from,
    to,
    storeId,
    limit,
    always,
  ]);
  const stores: (Use & { storeId: string })[] = [];
  const keys: UseOfKey[] = [];
  let hasMoreKeys = false;
  for (const { storeId: store, keyId, rank, requests, charged } of rows) {
    if (keyId === null) stores.push({ storeId: store, requests, charged });
    else if (rank <= limit || keyId === always) keys.push({ keyId, storeId: store, requests, charged });
    else hasMoreKeys = true;
  }
  return { stores, keys, hasMoreKeys };
}

/** Whose a key was that may be deleted, as its use tells; undefined for one that made no request that is kept. */
export async function ownerOfUse(
  tx: Transaction,
  keyId: string,
): Promise<{ organizationId: string; storeId: string } | undefined> {
  const [row] = await tx.query<{ organizationId: string; storeId: string }[]>(
    `SELECT organization_id AS "organizationId", store_id AS "storeId" FROM key_usage WHERE key_id = $1 LIMIT 1`,
    [keyId],
  );
  return row;
}

/** What deleted keys (UUIDs) were called last, as the change log tells. */
export async function lastKeyNames(
  tx: Transaction,
  keyIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (keyIds.length === 0) return new Map();
  const rows = await tx.query<{ id: string; name: string }[]>(
    `SELECT entity_id AS id, before->>'name' AS name FROM change_log
     WHERE entity = 'key' AND action = 'delete' AND entity_id = ANY ($1)`,
    [keyIds],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
