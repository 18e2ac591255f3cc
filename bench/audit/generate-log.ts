import type { DataSource } from 'typeorm';

/** What is generated, and what searches of it can name. */
export interface GeneratedLog {
  /** UUIDs. The first organization has a third of all requests, its first key a tenth of those. */
  readonly organization: string;
  readonly busyKey: string;
  readonly quietKey: string;
  readonly quietOrganization: string;
}

const DAYS = 30;
const ORGANIZATIONS = 20;
const KEYS_EACH = 100;

/** Written at once, so that progress is seen and a statement stays small. */
const CHUNK = 250_000;

/**
 * Fills the request log's last 30 days by INSERT … SELECT: organizations, keys and routes are skewed, and three
 * requests in a hundred fail. Its indexes are made anew afterwards, as they are in the migrations.
 */
export async function generateLog(owner: DataSource, rows: number): Promise<GeneratedLog> {
  await owner.query(
    `SELECT audit_ensure_partitions((now() AT TIME ZONE 'UTC')::date - ${DAYS}, ${DAYS + 2})`,
  );
  const indexes = await owner.query<{ name: string; definition: string }[]>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'request_log'`,
  );
  for (const { name } of indexes) await owner.query(`DROP INDEX ${name}`);
  const end = Date.now();
  const stepMs = (DAYS * 86_400_000) / rows;
  for (let first = 0; first < rows; first += CHUNK) {
    const last = Math.min(first + CHUNK, rows) - 1;
    await owner.query(INSERT, [first, last, end - DAYS * 86_400_000, stepMs]);
  }
  await owner.query(`SET maintenance_work_mem = '512MB'`);
  for (const { definition } of indexes) await owner.query(definition.replace(' ON ONLY ', ' ON '));
  await owner.query('VACUUM ANALYZE request_log');
  const [ids] = await owner.query<GeneratedLog[]>(`
    SELECT md5('organization 0')::uuid AS organization, md5('key 0')::uuid AS "busyKey",
      md5('key 99')::uuid AS "quietKey", md5('organization ${ORGANIZATIONS - 1}')::uuid AS "quietOrganization"`);
  if (!ids) throw new Error('Nothing was generated.');
  return ids;
}

// $1, $2: the first and the last row's number; $3, $4: where time begins, and its step. A row's time is in its id.
const INSERT = `
INSERT INTO request_log (
  at, request_id, writer, batch_no, position, organization_id, store_id, key_id, key_name, key_preview, secret_id,
  role_id, role_version, method, route, operation, path, query, resource, level, effective_level, status, answered,
  outcome, error_code, reason, ip, user_agent, duration_micros, response_bytes, quota_charged, replayed, occurrences,
  salt, leaf)
SELECT to_timestamp(ms / 1000.0),
  (lpad(to_hex(ms), 12, '0') || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15))::uuid,
  1, n / 500, n % 500, md5('organization ' || org)::uuid, md5('store ' || org)::uuid, md5('key ' || key)::uuid,
  'Integration ' || key, 'gate_live_k3Jd…9xQa', md5('secret ' || key)::uuid, md5('role ' || org)::uuid, 3,
  CASE WHEN route % 4 = 3 THEN 'POST' ELSE 'GET' END, '/api/v1/things' || route || '/:id', 'getThing' || route,
  '/api/v1/things' || route || '/thg_' || substr(hash, 1, 26), 'limit=20&sortBy=createdAt', 'content.things', 'read',
  'write', status, status, 'answered',
  CASE status WHEN 404 THEN 'NOT_FOUND' WHEN 429 THEN 'QUOTA_EXCEEDED' WHEN 403 THEN 'PERMISSION_DENIED'
    WHEN 400 THEN 'INVALID_INPUT' WHEN 500 THEN 'INTERNAL_ERROR' END,
  NULL, '10.0.0.0'::inet + (org * 65536 + floor(65536 * power(r3, 4))::integer), 'shop-sync/2.4.1 (+https://shop.example/bot)',
  1200 + (n % 5000), 1834, 1, false, 1, decode(hash, 'hex'), decode(hash || hash, 'hex')
FROM (
  SELECT n, floor($3::float8 + n * $4::float8)::bigint AS ms, md5(n::text) AS hash, org,
    org * ${KEYS_EACH} + floor(${KEYS_EACH} * power(r2, 2))::integer AS key,
    floor(30 * power(random(), 2))::integer AS route, r3,
    CASE WHEN s < 0.012 THEN 404 WHEN s < 0.02 THEN 429 WHEN s < 0.026 THEN 403 WHEN s < 0.0295 THEN 400
      WHEN s < 0.03 THEN 500 ELSE 200 END AS status
  FROM (
    SELECT n, floor(${ORGANIZATIONS} * power(random(), 3))::integer AS org, random() AS r2, random() AS r3, random() AS s
    FROM generate_series($1::bigint, $2::bigint) AS n
  ) AS made
) AS row`;
