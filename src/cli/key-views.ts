import type { BulkKeysResponse, KeyResponse } from '../keys/index.js';
import type { Page } from '../platform/http/lists/index.js';
import { facts, table, when } from './format.js';

/** A page of keys as columns, or what to do where there are none. */
export function keysText({ data, pagination }: Page<KeyResponse>, filtered: boolean): string {
  if (data.length === 0) {
    if (pagination.totalCount > 0) return `There is no such page; ${keyCount(pagination.totalCount)} in all.`;
    if (filtered) return 'No key fits. Leave out some of the options to see more of them.';
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
      lastUseText(key, now),
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
  const limits = limitsText(key);
  if (limits) entries.push(['Limits', limits]);
  if (key.revokedAt) entries.push(['Revoked', when(key.revokedAt)]);
  if (key.revokedReason) entries.push(['Reason', key.revokedReason]);
  return facts(entries);
}

/** The same, with whoever answers for it and who uses it. */
export function keyDetails(key: KeyResponse): string {
  const entries: [string, string][] = [
    ['Preview', key.preview],
    ['Owner', key.owner ? `${key.owner.name} (${key.owner.id})` : 'nobody'],
    ['Created', `${when(key.createdAt)} by ${key.createdBy.type} ${key.createdBy.id}`],
    ['Last used', lastUseText(key)],
    ['Used today', `${key.usageToday.requests} requests, ${key.usageToday.charged} charged`],
    ['Rotation', key.rotationDue ? 'due: the token is older than 90 days' : 'not due'],
  ];
  for (const [name, value] of Object.entries(key.metadata)) entries.push([`Metadata ${name}`, String(value)]);
  const secrets = table(
    ['SECRET', 'CREATED', 'ENDS', 'LAST USED'],
    key.secrets.map((secret) => [
      secret.preview,
      when(secret.createdAt),
      secret.endsAt === null ? 'with the key' : when(secret.endsAt),
      lastUseText(secret),
    ]),
  );
  return `${keyText(key)}\n${facts(entries)}\n\n${secrets}`;
}

/** What became of many keys, or would. */
export function bulkText({ dryRun, matched, more, results }: BulkKeysResponse): string {
  if (matched === 0) return 'No active key fits.';
  const rows = results.map((result) => [
    result.id,
    result.name,
    result.reason ? `${result.outcome}: ${result.reason}` : result.outcome,
    result.lastUsedAt === null ? 'never' : when(result.lastUsedAt),
    `${result.requestsToday}`,
    result.token ?? endText(result.expiresAt),
  ]);
  const tokens = results.some(({ token }) => token !== undefined);
  const columns = table(
    [
      'ID',
      'NAME',
      dryRun ? 'WOULD BE' : 'OUTCOME',
      'LAST USED',
      'TODAY',
      tokens ? 'TOKEN, SHOWN ONCE' : 'ENDS',
    ],
    rows,
  );
  const rest = more ? ` ${keyCount(matched)} fit; --id names those that are left.` : '';
  return `${columns}\n\n${keyCount(results.length)}${dryRun ? ', nothing was changed' : ''}.${rest}`;
}

/** The token, with the one warning that belongs to it. */
export function tokenText(token: string): string {
  return `Shown now and never again:\n\n  ${token}`;
}

function roleText(key: KeyResponse): string {
  return key.permissions === null ? key.role.name : `${key.role.name}, narrowed`;
}

/** Empty where it has none of its own. */
function limitsText({ limits: { hour, day } }: KeyResponse): string {
  const texts = [hour === null ? [] : [`${hour} an hour`], day === null ? [] : [`${day} a day`]];
  return texts.flat().join(', ');
}

function lastUseText(
  { lastUsedAt, lastUsedIp }: Pick<KeyResponse, 'lastUsedAt' | 'lastUsedIp'>,
  now?: Date,
): string {
  return lastUsedAt === null ? 'never' : `${when(lastUsedAt, now)} from ${lastUsedIp ?? 'nowhere'}`;
}

/** Undefined where an end was not what was asked about. */
function endText(expiresAt: string | null | undefined): string {
  if (expiresAt === undefined) return '';
  return expiresAt === null ? 'never' : when(expiresAt);
}

function keyCount(count: number): string {
  return count === 1 ? '1 key' : `${count} keys`;
}
