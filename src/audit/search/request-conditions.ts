import { parseAddressRange } from './address-range.js';
import { Conditions } from './conditions.js';
import { addScope, type LogScope } from './log-reader.js';
import type { RequestFilter } from './request-filter.js';
import { invalid } from './search-errors.js';

/**
 * What a filter asks of a row of the request log, but for its time; rows that close others fit too.
 * @throws InvalidInput for an address that is none
 */
export function requestConditions(filter: RequestFilter, scope: LogScope): Conditions {
  const conditions = addScope(new Conditions(), scope);
  conditions
    .addIf(filter.keyId, 'key_id = ?')
    .addIf(filter.memberId, 'member_id = ?')
    .addIf(filter.storeId, 'store_id = ?')
    .addIf(filter.roleId, 'role_id = ?')
    .addIf(filter.method, 'method = ?')
    .addIf(filter.route, 'route = ?')
    .addIf(filter.errorCode, 'error_code = ?')
    .addIf(filter.requestId, 'request_id = ?')
    .addIf(filter.q, 'strpos(lower(path), lower(?)) > 0')
    .addIf(filter.outcome, 'outcome = ?');
  addStatus(conditions, filter);
  addAddress(conditions, filter.ip);
  return conditions;
}

/** The same of requests alone: a row that closes another one is none of its own, but where it is asked for. */
export function requestsAlone(filter: RequestFilter, scope: LogScope): Conditions {
  const conditions = requestConditions(filter, scope);
  return filter.outcome === undefined ? conditions.add('completes IS NULL') : conditions;
}

function addStatus(conditions: Conditions, { status, errorCode }: RequestFilter): void {
  // Nothing that was refused has a lower one. Written out: so the index of such rows is seen to hold all of these.
  if (errorCode !== undefined || Number(status?.[0]) >= 3) conditions.add('status >= 300');
  if (status === undefined) return;
  if (status.endsWith('xx')) conditions.add('status >= ? AND status < ?', ...classOf(status));
  else conditions.add('status = ?', Number(status));
}

function classOf(status: string): [lowest: number, beyond: number] {
  const lowest = Number(status[0]) * 100;
  return [lowest, lowest + 100];
}

function addAddress(conditions: Conditions, ip: string | undefined): void {
  if (ip === undefined) return;
  const range = parseAddressRange(ip);
  if (!range) throw invalid('ip', 'must be an address or a network, e.g. 203.0.113.0/24');
  conditions.add(range.single ? 'ip = ?' : 'ip <<= ?', range.cidr);
}
