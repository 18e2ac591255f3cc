import type { KeyResponse } from '../keys/index.js';
import type { Page } from '../platform/http/lists/index.js';
import { facts, table, when } from './format.js';

/** A page of keys as columns, or what to do where there are none. */
export function keysText({ data, pagination }: Page<KeyResponse>, filtered: boolean): string {
  if (data.length === 0) {
    if (pagination.totalCount > 0) return `There is no such page; ${keyCount(pagination.totalCount)} in all.`;
    if (filtered) return 'No key fits. Leave out --store or --status to see all of them.';
    return 'There are no keys yet. Make one:\n  gatehouse keys create --name "My first key" --role read-only';
  }
  const now = new Date();
  const columns = table(
    ['ID', 'NAME', 'STATUS', 'FOR', 'ROLE', 'STORE', 'EXPIRES', 'LAST USED'],
    data.map((key) => [
      key.id,
      key.name,
      key.status,
      key.environment,
      roleText(key),
      key.storeId,
      key.expiresAt === null ? 'never' : when(key.expiresAt, now),
      key.lastUsedAt === null ? 'never' : `${when(key.lastUsedAt, now)} from ${key.lastUsedIp ?? 'nowhere'}`,
    ]),
  );
  if (!pagination.hasMore) return `${columns}\n\n${keyCount(pagination.totalCount)}.`;
  const next = (pagination.page ?? 1) + 1;
  return `${columns}\n\n${data.length} of ${keyCount(pagination.totalCount)}; the next page: --page ${next}`;
}

/** One key, a fact a line. */
export function keyText(key: KeyResponse): string {
  const entries: [string, string][] = [
    ['Id', key.id],
    ['Name', key.name],
    ['Status', key.status],
    ['For', `${key.environment} requests to ${key.storeId}`],
    ['Role', roleText(key)],
    ['Expires', key.expiresAt === null ? 'never' : when(key.expiresAt)],
  ];
  if (key.permissions) {
    const levels = Object.entries(key.permissions).map(([name, level]) => `${name} ${level}`);
    entries.push(['Permissions', levels.join(', ') || 'none']);
  }
  if (key.ipAllowlist) entries.push(['Addresses', key.ipAllowlist.join(', ') || 'none']);
  if (key.revokedAt) entries.push(['Revoked', when(key.revokedAt)]);
  if (key.revokedReason) entries.push(['Reason', key.revokedReason]);
  return facts(entries);
}

/** The token, with the one warning that belongs to it. */
export function tokenText(token: string): string {
  return `Shown now and never again:\n\n  ${token}`;
}

function roleText(key: KeyResponse): string {
  return key.permissions === null ? key.role.name : `${key.role.name}, narrowed`;
}

function keyCount(count: number): string {
  return count === 1 ? '1 key' : `${count} keys`;
}
