import type { KeySighting } from '../../audit/index.js';
import type { Transaction } from '../../platform/database/index.js';

/** Networks that are remembered of a key: one seen in more is at home everywhere, and its next ones are no news. */
const MOST_NETWORKS = 1_000;

/** Of sightings in order of time, those in which a key succeeds for the first time; noted. */
export async function newFirstUses(
  tx: Transaction,
  sightings: readonly KeySighting[],
): Promise<KeySighting[]> {
  const first = new Map<string, KeySighting>();
  for (const sighting of sightings) {
    const before = first.get(sighting.keyId)?.success;
    if (sighting.success && (!before || sighting.success.at < before.at)) first.set(sighting.keyId, sighting);
  }
  if (first.size === 0) return [];
  const found = [...first.values()];
  const noted = await tx.query<{ keyId: string }[]>(
    `INSERT INTO key_first_uses (key_id, at) SELECT * FROM unnest($1::uuid[], $2::timestamptz[])
     ON CONFLICT DO NOTHING RETURNING key_id AS "keyId"`,
    [found.map(({ keyId }) => keyId), found.map(({ success }) => success?.at)],
  );
  const news = new Set(noted.map(({ keyId }) => keyId));
  return found.filter(({ keyId }) => news.has(keyId));
}

/** Of sightings in order of time, those in a network that is new for a key that has been in another one; noted. */
export async function newNetworks(
  tx: Transaction,
  sightings: readonly KeySighting[],
): Promise<KeySighting[]> {
  const placed = sightings.filter(({ network }) => network !== null);
  if (placed.length === 0) return [];
  const counts = await tx.query<{ keyId: string; count: number }[]>(
    `SELECT key_id AS "keyId", count(*)::integer AS count FROM key_networks WHERE key_id = ANY ($1) GROUP BY key_id`,
    [[...new Set(placed.map(({ keyId }) => keyId))]],
  );
  const countOf = new Map(counts.map(({ keyId, count }) => [keyId, count]));
  const noted = await tx.query<{ keyId: string; network: string }[]>(
    `INSERT INTO key_networks (key_id, network, at)
     SELECT * FROM unnest($1::uuid[], $2::cidr[], $3::timestamptz[])
     ON CONFLICT DO NOTHING RETURNING key_id AS "keyId", network::text`,
    columnsOf(placed.filter(({ keyId }) => (countOf.get(keyId) ?? 0) < MOST_NETWORKS)),
  );
  const placeOf = ({ keyId, network }: { keyId: string; network: string | null }) => `${keyId}/${network}`;
  const isNoted = new Set(noted.map(placeOf));
  const news: KeySighting[] = [];
  for (const sighting of placed) {
    if (!isNoted.has(placeOf(sighting))) continue;
    // a key's very first network is where it lives
    if (countOf.has(sighting.keyId)) news.push(sighting);
    else countOf.set(sighting.keyId, 1);
  }
  return news;
}

const columnsOf = (sightings: readonly KeySighting[]): unknown[][] => [
  sightings.map(({ keyId }) => keyId),
  sightings.map(({ network }) => network),
  sightings.map(({ at }) => at),
];
