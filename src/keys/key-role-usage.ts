import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
import type { Level } from '../platform/http/index.js';
import { toPublicId } from '../platform/ids/index.js';
import type { ActiveKeyWithRole, Grants, KeyWithRole, RoleUsage } from '../roles/index.js';
import { KEY_STATUS_SQL } from './key-sql.js';
import { Key } from './key.entity.js';

const SHOWN = 20;

interface ActiveKeyRow {
  readonly count: number;
  readonly id: string;
  readonly name: string;
  readonly permissions: Grants | null;
  readonly cap: Level;
}

/** Tells the roles which keys have them. */
@Injectable()
export class KeyRoleUsage implements RoleUsage {
  async keysWith(tx: Transaction, roleId: string): Promise<{ count: number; first: KeyWithRole[] }> {
    const [keys, count] = await tx.findAndCount(Key, {
      where: { roleId },
      order: { createdAt: 'DESC' },
      take: SHOWN,
    });
    return { count, first: keys.map(({ id, name }) => ({ id: toPublicId('key', id), name })) };
  }

  async activeKeysWith(
    tx: Transaction,
    roleId: string,
  ): Promise<{ count: number; first: ActiveKeyWithRole[] }> {
    const rows = await tx.query<ActiveKeyRow[]>(
      `SELECT count(*) OVER ()::integer AS "count", k.id, k.name, k.permissions,
         coalesce(o.highest_level, p.highest_level) AS "cap"
       FROM keys k
       JOIN organizations o ON o.id = k.organization_id
       JOIN plans p ON p.id = o.plan_id
       WHERE k.role_id = $1 AND ${KEY_STATUS_SQL} = 'active'
       ORDER BY k.created_at DESC, k.id DESC LIMIT ${SHOWN}`,
      [roleId],
    );
    return {
      count: rows[0]?.count ?? 0,
      first: rows.map(({ id, name, permissions, cap }) => ({
        id: toPublicId('key', id),
        name,
        permissions,
        cap,
      })),
    };
  }
}
