import { hash } from 'node:crypto';
import type { LogRow } from '../log-row.js';
import { addressHex } from './canonical.js';
import { leafHash } from './merkle.js';

// Both literals below name their fields in order, so that plain JSON is the canonical one: a row is hashed on the way
// to its client's answer, and sorting it again would cost as much as hashing it.

/**
 * The commitment by which a row's personal fields, those that tell of a person, enter its leaf, so that they can be
 * erased later and the leaf stands: SHA-256 over the salt, in hex, and their canonical
 * JSON. Without the salt nobody can guess back to them.
 */
export function personalCommitment(row: LogRow, saltHex: string): string {
  return commitmentOf(personalCanonical(row), saltHex);
}

/** SHA-256, in hex, over a salt, in hex, and the canonical JSON of personal fields. */
export function commitmentOf(personal: string, saltHex: string): string {
  return hash('sha256', saltHex + personal, 'hex');
}

/** The canonical JSON of a request row's personal fields. */
export function personalCanonical(row: LogRow): string {
  return JSON.stringify({
    client_request_id: row.client_request_id,
    ip: addressHex(row.ip),
    key_name: row.key_name,
    query: row.query,
    user_agent: row.user_agent,
  });
}

/** The canonical JSON of a request row: its columns by name, `at` in milliseconds, and `personal` for the fields above. */
export function requestCanonical(row: LogRow, personal: string): string {
  return JSON.stringify({
    answered: row.answered,
    at: row.at,
    completes: row.completes,
    duration_micros: row.duration_micros,
    effective_level: row.effective_level,
    error_code: row.error_code,
    key_id: row.key_id,
    key_preview: row.key_preview,
    level: row.level,
    member_id: row.member_id,
    method: row.method,
    occurrences: row.occurrences,
    operation: row.operation,
    organization_id: row.organization_id,
    outcome: row.outcome,
    path: row.path,
    personal,
    quota_charged: row.quota_charged,
    reason: row.reason,
    replayed: row.replayed,
    request_id: row.request_id,
    resource: row.resource,
    response_bytes: row.response_bytes,
    role_id: row.role_id,
    role_version: row.role_version,
    route: row.route,
    secret_id: row.secret_id,
    status: row.status,
    store_id: row.store_id,
  });
}

/** A row's leaf in the tree of its batch. */
export function requestLeaf(row: LogRow, saltHex: string): Buffer {
  return leafHash(requestCanonical(row, personalCommitment(row, saltHex)));
}
