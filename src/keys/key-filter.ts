import type { SelectQueryBuilder } from 'typeorm';
import type { KeyStatus } from './dto/key.query.js';
import type { Key } from './key.entity.js';
import { daysAgoSql, KEY_STATUS_SQL, ROTATION_DUE_SQL, unusedSinceSql } from './key-sql.js';

/** What keys are looked for by; ids are UUIDs. Whatever is given must fit. */
export interface KeyCriteria {
  readonly ids?: readonly string[];
  readonly status?: KeyStatus;
  readonly roleId?: string;
  readonly ownerId?: string;
  readonly unusedSince?: Date;
  readonly unusedDays?: number;
  /** Active keys alone. */
  readonly expiringBefore?: Date;
  readonly rotationDue?: boolean;
  /** A part of the name or of a secret's preview. */
  readonly search?: string;
}

/** Leaves the keys that fit, all by one statement. @param builder over keys under the alias `k` */
export function fitting(
  builder: SelectQueryBuilder<Key>,
  { ids, status, roleId, ownerId, unusedSince, unusedDays, expiringBefore, rotationDue, search }: KeyCriteria,
): SelectQueryBuilder<Key> {
  if (ids) builder.andWhere('k.id = ANY (:ids)', { ids });
  if (status) builder.andWhere(`${KEY_STATUS_SQL} = :status`, { status });
  if (roleId) builder.andWhere('k.role_id = :roleId', { roleId });
  if (ownerId) builder.andWhere('k.owner_id = :ownerId', { ownerId });
  if (unusedSince) {
    builder.andWhere(unusedSinceSql('CAST(:unusedSince AS timestamptz)'), { unusedSince });
  }
  if (unusedDays !== undefined) {
    builder.andWhere(unusedSinceSql(daysAgoSql('CAST(:unusedDays AS integer)')), { unusedDays });
  }
  if (expiringBefore) {
    builder.andWhere(`k.expires_at < :expiringBefore AND ${KEY_STATUS_SQL} = 'active'`, { expiringBefore });
  }
  if (rotationDue !== undefined) builder.andWhere(`${rotationDue ? '' : 'NOT '}${ROTATION_DUE_SQL}`);
  if (search !== undefined) {
    builder.andWhere(
      '(k.name ILIKE :part OR EXISTS (SELECT FROM key_secrets s WHERE s.key_id = k.id AND s.preview ILIKE :part))',
      { part: `%${search.replace(/[\\%_]/g, '\\$&')}%` },
    );
  }
  return builder;
}
