import { EnumField } from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';
import type { KeyCriteria } from '../key-filter.js';
import {
  ExpiringCriterion,
  OwnerCriterion,
  RoleCriterion,
  RotationDueCriterion,
  SearchCriterion,
  UnusedDaysCriterion,
  UnusedSinceCriterion,
} from './key.criteria.js';

export const KEY_STATUSES = ['active', 'revoked', 'expired'] as const;
export type KeyStatus = (typeof KEY_STATUSES)[number];

const KEY_ORDERS = ['createdAt', 'updatedAt', 'name', 'expiresAt'] as const;

export class ListKeysQuery extends ListQuery implements KeyCriteria {
  @EnumField({ values: KEY_STATUSES, optional: true, description: 'Keys in this state alone.' })
  status?: KeyStatus;

  @RoleCriterion() roleId?: string;
  @OwnerCriterion() ownerId?: string;
  @UnusedSinceCriterion() unusedSince?: Date;
  @UnusedDaysCriterion() unusedDays?: number;
  @ExpiringCriterion() expiringBefore?: Date;
  @RotationDueCriterion() rotationDue?: boolean;
  @SearchCriterion() search?: string;

  @EnumField({ values: KEY_ORDERS, default: 'createdAt', description: 'What to order by.' })
  sortBy!: (typeof KEY_ORDERS)[number];
}
