import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/index.js';
import { Store } from './store.entity.js';

/** Finds stores. */
@Injectable()
export class StoreDirectory {
  constructor(private readonly database: Database) {}

  /**
   * The store with that UUID, whoever it belongs to.
   * @param tx the transaction that asks, if any: one that waited for a second connection could wait for ever
   */
  async find(id: string, tx: Transaction = this.database.manager): Promise<Store | undefined> {
    return (await tx.findOneBy(Store, { id })) ?? undefined;
  }
}
