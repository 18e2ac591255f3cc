import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/index.js';
import { Conflict, NotFound } from '../platform/errors/index.js';
import { Lists, type Page } from '../platform/http/lists/index.js';
import type { ListStoresQuery, StoreResetResponse, StoreResponse } from './dto/store.js';
import { StoreContents } from './store-contents.js';
import { presentStore } from './store-presenter.js';
import { Store } from './store.entity.js';
import { TenantsService } from './tenants.service.js';

/** The life of stores, once they are there. Changes run in the caller's transaction. */
@Injectable()
export class StoresService {
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
    private readonly tenants: TenantsService,
    private readonly contents: StoreContents,
  ) {}

  /**
   * A page of the stores of an organization (UUID), or of all of them.
   * @throws InvalidInput for a cursor that is not this list's
   */
  page(query: ListStoresQuery, organizationId?: string): Promise<Page<StoreResponse>> {
    const builder = this.database.manager.createQueryBuilder(Store, 'store').where('true');
    if (organizationId) builder.andWhere('store.organization_id = :organizationId', { organizationId });
    if (query.kind) builder.andWhere('store.kind = :kind', { kind: query.kind });
    const name = `stores/${organizationId ?? 'all'}`;
    return this.lists.page(query, { name, builder, present: presentStore });
  }

  /**
   * The store with that UUID.
   * @param lock for whoever is about to change it: locks the row until the transaction ends
   * @throws NotFound
   */
  async get(tx: Transaction, id: string, lock?: 'lock'): Promise<Store> {
    const store = await tx.findOne(Store, {
      where: { id },
      ...(lock ? { lock: { mode: 'pessimistic_write' as const } } : {}),
    });
    if (!store) throw new NotFound();
    return store;
  }

  /** Gives a locked store another name; the same name changes nothing. */
  async rename(tx: Transaction, store: Store, name: string): Promise<Store> {
    if (name === store.name) return store;
    await tx.update(Store, { id: store.id }, { name, updatedAt: () => 'now()' });
    const renamed = await this.get(tx, store.id);
    await this.tenants.tellOfStore(tx, 'store.updated', renamed);
    return renamed;
  }

  /**
   * Empties a locked sandbox: its content goes, its quota begins anew. The store and its keys stay.
   * @throws Conflict for a live store
   */
  async reset(tx: Transaction, store: Store): Promise<StoreResetResponse> {
    if (store.kind !== 'sandbox') throw new Conflict('A live store is never reset; its sandbox can be.');
    const cleared = await this.contents.clear(tx, store.id);
    await this.tenants.tellOfStore(tx, 'store.reset', store, { cleared });
    return { ...presentStore(store), cleared };
  }
}
