import pg from 'pg';
import type { KeyCredential } from '../../src/platform/http/index.js';

export const HOUR_SECONDS = 3_600;
/** Of every window: a limit that is checked and that nobody reaches. */
export const LIMIT = 2_000_000_000;

// One organization with store, role, key and secret for each number. The digests are nobody's token: admission
// knows a secret by its id.
const MAKE = `
INSERT INTO plans (id, name, highest_level, active_keys_per_store) VALUES ('bench', 'Bench', 'admin', 10);

CREATE TEMPORARY TABLE bench AS
SELECT n, gen_random_uuid() AS organization, gen_random_uuid() AS store, gen_random_uuid() AS role,
  gen_random_uuid() AS key, gen_random_uuid() AS secret
FROM generate_series(1, :count) AS n;

INSERT INTO organizations (id, name, plan_id, hour_limit, day_limit)
SELECT organization, 'Organization ' || n, 'bench', :limit, :limit FROM bench;
INSERT INTO stores (id, organization_id, name, kind, quota_subject)
SELECT store, organization, 'Store', 'live', organization FROM bench;
INSERT INTO roles (id, organization_id, name, grants)
SELECT role, organization, 'Reader', '{"content": "read"}' FROM bench;
INSERT INTO keys (id, organization_id, store_id, role_id, name, environment, created_by_type, created_by_id)
SELECT key, organization, store, role, 'Key', 'live', 'system', 'bench' FROM bench;
INSERT INTO key_secrets (id, key_id, store_id, digest, master_id, preview)
SELECT secret, key, store, uuid_send(secret), 'bench', 'bench' FROM bench;
`;

const CREDENTIALS = `
SELECT k.id AS "keyId", s.id AS "secretId", st.quota_subject AS "quotaSubject", 0 AS "pollSeconds",
  version_stamp(k.version, r.version, st.version, o.version, p.version) AS "versionStamp"
FROM key_secrets s
JOIN keys k ON k.id = s.key_id
JOIN stores st ON st.id = k.store_id
JOIN organizations o ON o.id = st.organization_id
JOIN plans p ON p.id = o.plan_id
JOIN roles r ON r.id = k.role_id`;

/** Makes so many organizations, and answers the credential of each one's key. */
export async function makeSubjects(ownerUrl: string, count: number): Promise<KeyCredential[]> {
  const owner = new pg.Client(ownerUrl);
  await owner.connect();
  try {
    await owner.query(MAKE.replaceAll(':count', String(count)).replaceAll(':limit', String(LIMIT)));
    // what autovacuum would have done after a minute
    await owner.query('VACUUM ANALYZE');
    const { rows } = await owner.query<KeyCredential>(CREDENTIALS);
    return rows;
  } finally {
    await owner.end();
  }
}
