import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import { Store } from './store.entity.js';

/** Finds stores. */
@Injectable()
export class StoreDirectory {
  constructor(private readonly database: Database) {}

  /** The store with that UUID, whoever it belongs to. */
  async find(id: string): Promise<Store | undefined> {
    return (await this.database.manager.findOneBy(Store, { id })) ?? undefined;
  }
}
