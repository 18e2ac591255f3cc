import { COLUMN_NAMES } from '../log-columns.js';

import type { BatchRange } from './sealed-in.js';

// What an evidence bundle is made of. Numbers as float8: bigint comes as text otherwise.

export const KEYS = `
SELECT 'key' AS type, id, encode(public_key, 'hex') AS public_key, endorsed_by, encode(endorsement, 'hex') AS endorsement
FROM audit_signing_keys ORDER BY created_at, generation`;

export const HEADERS = `
SELECT writer, batch_no::float8 AS batch_no, row_count AS rows, root, prev_hash, sealed_at::float8 AS sealed_at,
  signing_key, encode(signature, 'hex') AS signature, encode(header_hash, 'hex') AS hash
FROM audit_batches b ORDER BY b.writer, b.batch_no`;

// Request rows lie in two places: those that were held when their day was dropped have one of their own.
export const requestsOf = (table: 'request_log' | 'held_requests') => `
SELECT ${COLUMN_NAMES.filter((name) => !['at', 'ip', 'role_version', 'response_bytes'].includes(name)).join(', ')},
  (extract(epoch FROM at) * 1000)::float8 AS at, host(ip) AS ip, role_version::float8 AS role_version,
  response_bytes::float8 AS response_bytes,
  writer, batch_no::float8 AS batch_no, position, encode(salt, 'hex') AS salt, encode(leaf, 'hex') AS leaf,
  encode(personal_commitment, 'hex') AS commitment
FROM ${table}`;

export const REQUESTS = `${requestsOf('request_log')} UNION ALL ${requestsOf('held_requests')}
ORDER BY writer, batch_no, position`;

/** The same, of one writer's batches from one to another. */
export function requestsOfWriter({ writer, first, last }: BatchRange): string {
  const of = (table: 'request_log' | 'held_requests') =>
    `${requestsOf(table)} WHERE writer = ${writer} AND batch_no BETWEEN ${first} AND ${last}`;
  return `${of('request_log')} UNION ALL ${of('held_requests')} ORDER BY writer, batch_no, position`;
}

export const SEALED_CHANGES = `
SELECT 0 AS writer, s.batch_no::float8 AS batch_no, s.position, encode(s.salt, 'hex') AS "saltHex",
  encode(s.leaf, 'hex') AS leaf, encode(s.personal_commitment, 'hex') AS commitment,
  c.id::text AS id, (extract(epoch FROM c.at) * 1000)::float8 AS at, c.transaction_id::text AS "transactionId",
  c.actor_type AS "actorType", c.actor_id AS "actorId", c.action, c.entity, c.entity_id AS "entityId",
  c.organization_id AS "organizationId", c.store_id AS "storeId", c.request_id AS "requestId", c.reason,
  c.before::text AS before, c.after::text AS after
FROM change_seals s JOIN change_log c ON c.id = s.change_id`;

export const CHANGES = `${SEALED_CHANGES}
WHERE s.batch_no IS NOT NULL ORDER BY s.batch_no, s.position`;

/** The same, of some batches. */
export function changesIn({ first, last }: BatchRange): string {
  return `${SEALED_CHANGES} WHERE s.batch_no BETWEEN ${first} AND ${last} ORDER BY s.batch_no, s.position`;
}

/** Which batches of each writer were sealed in a time, in milliseconds since the epoch. */
export const RANGES = `
SELECT writer, min(batch_no)::float8 AS first, max(batch_no)::float8 AS last
FROM audit_batches WHERE sealed_at BETWEEN $1 AND $2 GROUP BY writer ORDER BY writer`;

export const TREE = `
SELECT 'tree' AS type, seq::float8 AS seq, writer, batch_no::float8 AS batch_no, encode(header_hash, 'hex') AS header_hash
FROM audit_tree t ORDER BY t.writer, t.batch_no`;

export const PURGES = 'SELECT *, day::text AS day_text FROM audit_purges ORDER BY no';

/** What purges took of each batch. */
export const PURGED = `
SELECT 'purged' AS type, purge_no::float8 AS no, writer, batch_no::float8 AS batch_no, rows
FROM audit_purged_batches p ORDER BY p.writer, p.batch_no, p.purge_no`;

/** The leaves of purged rows whose batch has others that are there. */
export const LEAVES = `
SELECT 'leaf' AS type, writer, batch_no::float8 AS batch_no, position, encode(leaf, 'hex') AS leaf
FROM audit_kept_leaves l ORDER BY l.writer, l.batch_no, l.position`;

export const CHECKPOINTS = `SELECT * FROM audit_checkpoints ORDER BY no`;

export const UNSEALED = `
SELECT 'unsealed' AS type, s.change_id::float8 AS change_id, c.id IS NOT NULL AS present
FROM change_seals s LEFT JOIN change_log c ON c.id = s.change_id
WHERE s.batch_no IS NULL ORDER BY s.change_id`;

/** Changes that nothing waits for: put there past the trigger. */
export const ADDED_CHANGES = `
SELECT 'added' AS type, 'changes' AS log, c.id::float8 AS id
FROM change_log c WHERE NOT EXISTS (SELECT FROM change_seals s WHERE s.change_id = c.id) ORDER BY c.id`;
