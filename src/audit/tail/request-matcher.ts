import { parseAddressRange } from '../search/address-range.js';
import type { LogScope } from '../search/log-reader.js';
import type { RequestFilter } from '../search/request-filter.js';
import type { RequestRow } from '../search/request-row.js';
import { invalid } from '../search/search-errors.js';

export type RequestMatcher = (row: RequestRow) => boolean;

/**
 * What `requestConditions` asks of the database, asked of a row that is at hand.
 * @throws InvalidInput for an address that is none
 */
export function requestMatcher(filter: RequestFilter, { organizationId }: LogScope): RequestMatcher {
  const range = filter.ip === undefined ? undefined : parseAddressRange(filter.ip);
  if (filter.ip !== undefined && !range) {
    throw invalid('ip', 'must be an address or a network, e.g. 203.0.113.0/24');
  }
  const text = filter.q?.toLowerCase();
  const equal: [asked: string | undefined, of: (row: RequestRow) => string | null][] = [
    [filter.keyId, (row) => row.key_id],
    [filter.memberId, (row) => row.member_id],
    [filter.storeId, (row) => row.store_id],
    [filter.roleId, (row) => row.role_id],
    [filter.method, (row) => row.method],
    [filter.route, (row) => row.route],
    [filter.errorCode, (row) => row.error_code],
    [filter.outcome, (row) => row.outcome],
  ];
  const asked = equal.filter(([value]) => value !== undefined);
  const { status, outcome } = filter;
  return (row) =>
    row.organization_id === organizationId &&
    (outcome !== undefined || row.completes === null) &&
    asked.every(([value, of]) => of(row) === value) &&
    (status === undefined || isStatus(row.status, status)) &&
    (range === undefined || (row.ip !== null && range.includes(row.ip))) &&
    (text === undefined || row.path.toLowerCase().includes(text));
}

function isStatus(status: number, asked: string): boolean {
  return asked.endsWith('xx') ? String(status)[0] === asked[0] : String(status) === asked;
}
