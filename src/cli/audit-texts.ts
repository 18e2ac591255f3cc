import type {
  ChangeResponse,
  LoggedRequestDetailResponse,
  LoggedRequestResponse,
  LogPagination,
} from '../audit/index.js';
import { facts } from './format.js';

/** A request on one line. */
export function requestLine(request: LoggedRequestResponse): string {
  const { at, requestId, status, method, path, keyName, keyId, memberId, ip, errorCode } = request;
  const who = keyName ?? keyId ?? memberId ?? '-';
  const why = errorCode === null ? '' : `  ${errorCode}`;
  return `${at}  ${requestId}  ${status}  ${method} ${path}  ${who}  ${ip ?? '-'}${why}`;
}

/** A request with all that belongs to it. */
export function requestText({ closedBy, changes, ...request }: LoggedRequestDetailResponse): string {
  const known = Object.entries(request).filter(([, value]) => value !== null && typeof value !== 'object');
  const parts = [facts(known.map(([name, value]) => [name, `${value as string | number | boolean}`]))];
  parts.push(...closedBy.map((row) => `${row.outcome}: ${row.responseBytes ?? '?'} bytes`));
  parts.push(...changes.map((change) => changeRow(change).join('  ')));
  return parts.join('\n');
}

/** A change as columns. */
export function changeRow({ at, id, actor, action, entity, entityId }: ChangeResponse): string[] {
  return [at, id, `${actor.type}:${actor.id}`, action, `${entity} ${entityId ?? ''}`.trimEnd()];
}

/** A change with the columns that differ. */
export function changeText(change: ChangeResponse): string {
  const { before, after } = change;
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const differing = names
    .map((name) => [name, JSON.stringify(before?.[name]), JSON.stringify(after?.[name])] as const)
    .filter(([, was, is]) => was !== is);
  const head = changeRow(change).join('  ');
  if (differing.length === 0) return head;
  return `${head}\n${facts(differing.map(([name, was, is]) => [name, `${was ?? '-'} → ${is ?? '-'}`]))}`;
}

/** Under a list: how many there are, where that was asked, and how to see the next ones. */
export function pageFoot({ totalCount, hasMore, nextCursor }: LogPagination): string {
  const count = totalCount === null ? '' : `${totalCount} in all. `;
  return hasMore ? `${count}The next page: --cursor ${nextCursor}` : `${count}That is all.`;
}
