import { toPublicIdOrNull } from '../../platform/ids/index.js';
import type { ChangeRow } from '../search/change-row.js';
import { type ChangeResponse, presentChange } from '../search/change.response.js';
import type { RequestRow } from '../search/request-row.js';
import { type LoggedRequestResponse, presentRequest } from '../search/request.response.js';

/** A request as exports tell it: the API's form, and the row that it closes. */
export type ExportedRequest = LoggedRequestResponse & { readonly completes: string | null };

export function exportedRequest(row: RequestRow): ExportedRequest {
  return { ...presentRequest(row), completes: toPublicIdOrNull('request', row.completes) };
}

/** A change as exports tell it: the API's form. */
export const exportedChange: (row: ChangeRow) => ChangeResponse = presentChange;

/** The same in one level, for a table. */
export function flatChange(row: ChangeRow) {
  const { actor, ...change } = presentChange(row);
  return { ...change, actorType: actor.type, actorId: actor.id };
}

/** The columns of a CSV file of requests. */
export const REQUEST_COLUMNS = [
  'requestId',
  'at',
  'durationMicros',
  'organizationId',
  'storeId',
  'keyId',
  'keyName',
  'keyPreview',
  'memberId',
  'roleId',
  'roleVersion',
  'method',
  'route',
  'operation',
  'path',
  'query',
  'resource',
  'level',
  'effectiveLevel',
  'status',
  'answered',
  'outcome',
  'errorCode',
  'reason',
  'ip',
  'userAgent',
  'clientRequestId',
  'responseBytes',
  'quotaCharged',
  'replayed',
  'occurrences',
  'completes',
] as const satisfies readonly (keyof ExportedRequest)[];

/** The columns of a CSV file of changes. */
export const CHANGE_COLUMNS = [
  'id',
  'at',
  'actorType',
  'actorId',
  'action',
  'entity',
  'entityId',
  'organizationId',
  'storeId',
  'requestId',
  'reason',
  'before',
  'after',
] as const satisfies readonly (keyof ReturnType<typeof flatChange>)[];
