import type { ExportedRequest } from '../exported-row.js';
import { known, ocsfKind, ocsfMetadata, ocsfUser } from './ocsf.js';

const API_ACTIVITY = {
  class_uid: 6003,
  class_name: 'API Activity',
  category_uid: 6,
  category_name: 'Application Activity',
} as const;

/** A request as an event of OCSF's class API Activity. What the class has no place for is in `unmapped`. */
export function ocsfRequest(row: ExportedRequest): object {
  const failed = row.status >= 400;
  return {
    ...ocsfKind(API_ACTIVITY, activityOf(row)),
    time: Date.parse(row.at),
    duration: Math.round(row.durationMicros / 1000),
    status_id: failed ? 2 : 1,
    status: failed ? 'Failure' : 'Success',
    ...known({ status_code: row.errorCode, status_detail: row.reason }),
    // the row that closes a stream has the id of the one that opened it
    metadata: ocsfMetadata(
      'requests',
      row.completes === null ? row.requestId : `${row.requestId}/${row.outcome}`,
      row.organizationId,
    ),
    actor: { user: userOf(row) },
    api: {
      operation: row.operation ?? `${row.method} ${row.route ?? row.path}`,
      request: { uid: row.requestId },
      response: { code: row.status, ...known({ error: row.errorCode, error_message: row.reason }) },
      service: { name: 'Gatehouse' },
    },
    // the address is erased with the other personal fields: then the endpoint has no more than a name
    src_endpoint: row.ip === null ? { name: 'unknown' } : { ip: row.ip },
    http_request: {
      uid: row.requestId,
      http_method: row.method,
      url: { path: row.path, ...known({ query_string: row.query }) },
      ...known({ user_agent: row.userAgent }),
    },
    http_response: {
      code: row.status,
      ...known({ body_length: row.responseBytes }),
      latency: Math.round(row.durationMicros / 1000),
    },
    unmapped: known({
      answered: row.answered,
      client_request_id: row.clientRequestId,
      completes: row.completes,
      effective_level: row.effectiveLevel,
      key_preview: row.keyPreview,
      level: row.level,
      occurrences: row.occurrences,
      outcome: row.outcome,
      quota_charged: row.quotaCharged,
      replayed: row.replayed,
      resource: row.resource,
      role_id: row.roleId,
      role_version: row.roleVersion,
      route: row.route,
      store_id: row.storeId,
    }),
  };
}

/** By the method; a POST that makes nothing new is told by its operation's name. */
function activityOf({ method, operation }: ExportedRequest): readonly [number, string] {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return [2, 'Read'];
    case 'PUT':
    case 'PATCH':
      return [3, 'Update'];
    case 'DELETE':
      return [4, 'Delete'];
    case 'POST':
      if (operation?.startsWith('create')) return [1, 'Create'];
  }
  return [99, operation ?? method];
}

function userOf({ keyId, keyName, memberId }: ExportedRequest): object {
  if (keyId !== null) return ocsfUser('key', keyId, known({ name: keyName }));
  if (memberId !== null) return ocsfUser('member', memberId);
  return { name: 'unknown', type_id: 0, type: 'Unknown' };
}
