import { isDeepStrictEqual } from 'node:util';
import { toPublicIdOrNull } from '../platform/ids/index.js';
import type { Key } from './key.entity.js';

const FIELDS = [
  'name',
  'roleId',
  'permissions',
  'expiresAt',
  'ipAllowlist',
  'metadata',
  'ownerId',
] as const satisfies readonly (keyof Key)[];

/** What can change on a key without a new secret. */
export type KeyChanges = { readonly [Field in (typeof FIELDS)[number]]?: Key[Field] };

/** The changes that change something; what is not named stays. */
export function realChanges(key: Key, changes: KeyChanges): KeyChanges {
  return Object.fromEntries(
    FIELDS.filter(
      (field) => changes[field] !== undefined && !isDeepStrictEqual(key[field], changes[field]),
    ).map((field) => [field, changes[field]]),
  );
}

/** Each change with what was before it, in the API's words: `{name: {from, to}}`. */
export function toldChanges(key: Key, changes: KeyChanges): Record<string, { from: unknown; to: unknown }> {
  return Object.fromEntries(
    FIELDS.filter((field) => field in changes).map((field) => [
      field,
      { from: told(field, key[field]), to: told(field, changes[field]) },
    ]),
  );
}

function told(field: keyof KeyChanges, value: unknown): unknown {
  if (field === 'roleId') return toPublicIdOrNull('role', value as string);
  if (field === 'ownerId') return toPublicIdOrNull('member', value as string | null);
  return value;
}
