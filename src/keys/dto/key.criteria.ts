import {
  field,
  FlagField,
  IdField,
  idPattern,
  IdListField,
  IntegerField,
  ObjectField,
  Refused,
  TextField,
  TimestampField,
} from '../../platform/http/input/index.js';
import { fromPublicId } from '../../platform/ids/index.js';
import { BUILTIN_ROLES } from '../../roles/index.js';
import type { KeyCriteria } from '../key-filter.js';

/** By its id or a built-in role's name; the handler gets the UUID. */
export function RoleCriterion(): PropertyDecorator {
  const names = BUILTIN_ROLES.map(({ name }) => name);
  const read = (value: unknown) => {
    if (typeof value !== 'string')
      return new Refused(Array.isArray(value) ? 'must be given once' : 'must be text');
    const builtin = BUILTIN_ROLES.find(({ name }) => name === value);
    return builtin?.id ?? fromPublicId('role', value) ?? new Refused(reason);
  };
  const reason = `must be the id of a role, rol_…, or one of ${names.join(', ')}`;
  const pattern = `${idPattern('role')}|^(${names.join('|')})$`;
  const description = 'With this role: its id, or the name of a built-in one.';
  return field({ read, schema: { type: 'string', pattern } }, { optional: true, description });
}

export const OwnerCriterion = () =>
  IdField('member', { optional: true, description: 'That this member answers for.' });

export const UnusedSinceCriterion = () =>
  TimestampField({
    day: 'first',
    optional: true,
    description:
      'Not used since this moment or day. A key that is new, or has a new secret, since then does not count as unused.',
  });

export const UnusedDaysCriterion = () =>
  IntegerField({
    min: 1,
    max: 3_650,
    optional: true,
    description: 'Not used for that many days; the same as `unusedSince`, counted back from now.',
  });

export const ExpiringCriterion = () =>
  TimestampField({
    day: 'first',
    optional: true,
    description: 'Active keys that end before this moment or day.',
  });

export const RotationDueCriterion = () =>
  FlagField({
    optional: true,
    description: 'Active keys whose newest secret is older than 90 days, or not.',
  });

export const SearchCriterion = () =>
  TextField({
    max: 100,
    optional: true,
    description: 'A part of the name or of a secret’s preview, in upper or lower case.',
    example: 'dashboard',
  });

/** Most keys that one call to many keys touches. */
export const MOST_AT_ONCE = 200;

/** Which active keys of a store are meant: those that fit everything that is given. */
export class KeyFilterInput implements KeyCriteria {
  @IdListField('key', {
    minItems: 1,
    maxItems: MOST_AT_ONCE,
    optional: true,
    description: 'These keys; what is no active key of the store is passed over.',
  })
  ids?: string[];
  @RoleCriterion() roleId?: string;
  @OwnerCriterion() ownerId?: string;
  @UnusedSinceCriterion() unusedSince?: Date;
  @UnusedDaysCriterion() unusedDays?: number;
  @ExpiringCriterion() expiringBefore?: Date;
  @RotationDueCriterion() rotationDue?: boolean;
  @SearchCriterion() search?: string;
}

export const FilterField = () =>
  ObjectField(() => KeyFilterInput, {
    description: 'Which of the store’s active keys: at least one criterion; all that are given must fit.',
  });
