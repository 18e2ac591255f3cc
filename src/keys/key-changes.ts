import { isDeepStrictEqual } from 'node:util';
import { toPublicIdOrNull } from '../platform/ids/index.js';
import type { KeyLimits } from './dto/key.limits.js';
import type { Key } from './key.entity.js';

const FIELDS = [
  'name',
  'roleId',
  'permissions',
  'expiresAt',
  'ipAllowlist',
  'metadata',
  'ownerId',
  'hourLimit',
  'dayLimit',
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

/** Each change with what was before it, in the API's words: `{name: {from, to}}`; limits as the key has them. */
export function toldChanges(key: Key, changes: KeyChanges): Record<string, { from: unknown; to: unknown }> {
  const changed = FIELDS.filter((field) => field in changes);
  const told: Record<string, { from: unknown; to: unknown }> = {};
  for (const field of changed) {
    if (field === 'hourLimit' || field === 'dayLimit') {
      told['limits'] = { from: limitsOf(key), to: limitsOf({ ...key, ...changes }) };
    } else {
      told[field] = { from: publicValue(field, key[field]), to: publicValue(field, changes[field]) };
    }
  }
  return told;
}

function limitsOf({ hourLimit, dayLimit }: Pick<Key, 'hourLimit' | 'dayLimit'>): KeyLimits {
  return { hour: hourLimit, day: dayLimit };
}

function publicValue(field: keyof KeyChanges, value: unknown): unknown {
  if (field === 'roleId') return toPublicIdOrNull('role', value as string);
  if (field === 'ownerId') return toPublicIdOrNull('member', value as string | null);
  return value;
}
