import type { Transaction } from '../platform/database/index.js';
import { boxMasterId } from './sealed-hash-sql.js';
import type { KeyFacts } from './resolved-key.js';

/** A key's facts, with what its secret is stored under. */
export interface SecretFacts extends KeyFacts {
  /** Which master secret the digest was made under. */
  readonly masterId: string;
  /** Which one the sealed hash is under; null where there is none. */
  readonly sealedUnder: string | null;
}

/** Whatever can run a statement: the database, or a transaction. */
export interface Queryable {
  query: Transaction['query'];
}

// One statement, so that grants and versions come from one snapshot. Standing is told by the database clock.
const LOOK_UP = `
SELECT encode(s.digest, 'hex') AS "digest",
  s.id AS "secretId", s.preview AS "preview", s.master_id AS "masterId", ${boxMasterId('s.sealed_hash')} AS "sealedUnder",
  k.id AS "keyId", k.name AS "keyName", k.environment AS "environment",
  k.permissions AS "permissions", k.ip_allowlist AS "ipAllowlist",
  CASE
    WHEN k.revoked_at IS NOT NULL THEN 'revoked'
    WHEN least(k.expires_at, s.not_after) <= gate_clock() THEN 'expired'
    WHEN o.status <> 'active' THEN 'suspended'
    ELSE 'active'
  END AS "standing",
  st.id AS "storeId", st.name AS "storeName", st.quota_subject AS "quotaSubject",
  o.id AS "organizationId", o.name AS "organizationName",
  r.id AS "roleId", r.name AS "roleName", r.version::integer AS "roleVersion", r.grants AS "grants",
  coalesce(o.highest_level, p.highest_level) AS "highestLevel",
  coalesce(o.poll_seconds, p.poll_seconds, 0) AS "pollSeconds",
  version_stamp(k.version, r.version, st.version, o.version, p.version) AS "versionStamp"
FROM key_secrets s
JOIN keys k ON k.id = s.key_id
JOIN stores st ON st.id = k.store_id
JOIN organizations o ON o.id = st.organization_id
JOIN plans p ON p.id = o.plan_id
JOIN roles r ON r.id = k.role_id`;

/** The keys behind some digests (hex); a digest that no secret has is absent from the answer. */
export function lookUpByDigest(database: Queryable, digests: readonly string[]): Promise<SecretFacts[]> {
  return database.query<SecretFacts[]>(
    `${LOOK_UP} WHERE s.digest = ANY (SELECT decode(d, 'hex') FROM unnest($1::text[]) AS d)`,
    [digests],
  );
}

/** The key behind one secret, by the secret's UUID. */
export async function lookUpBySecret(database: Queryable, secretId: string): Promise<KeyFacts | undefined> {
  const [facts] = await database.query<KeyFacts[]>(`${LOOK_UP} WHERE s.id = $1`, [secretId]);
  return facts;
}

/** A key by its UUID, as whoever has its newest secret would find it. */
export async function lookUpByKey(database: Queryable, keyId: string): Promise<KeyFacts | undefined> {
  const [facts] = await database.query<KeyFacts[]>(
    `${LOOK_UP} WHERE k.id = $1 ORDER BY s.not_after DESC NULLS FIRST LIMIT 1`,
    [keyId],
  );
  return facts;
}
