import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
import { NotFound } from '../platform/errors/index.js';
import type { Principal } from '../platform/http/index.js';
import { Key } from './key.entity.js';

/** Finds keys within a principal's reach: a member's organization, a key's own store. */
@Injectable()
export class KeyFinder {
  /**
   * One key by its UUID.
   * @param lock for whoever is about to change it: locks the row until the transaction ends
   * @throws NotFound, the same for what is absent and for what is out of reach
   */
  async get(tx: Transaction, principal: Principal, id: string, lock?: 'lock'): Promise<Key> {
    const key = await tx.findOne(Key, {
      where:
        principal.kind === 'key'
          ? { id, storeId: principal.storeId }
          : { id, organizationId: principal.organizationId },
      ...(lock ? { lock: { mode: 'pessimistic_write' as const } } : {}),
    });
    if (!key) throw new NotFound();
    return key;
  }
}
