import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
import { toPublicId } from '../platform/ids/index.js';
import type { KeyWithRole, RoleUsage } from '../roles/index.js';
import { Key } from './key.entity.js';

const SHOWN = 20;

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
}
