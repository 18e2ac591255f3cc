import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
import { Conflict } from '../platform/errors/index.js';
import { Events } from '../platform/events/index.js';
import { newUuid } from '../platform/ids/index.js';
import { presentOrganization } from './organization-presenter.js';
import { Organization } from './organization.entity.js';
import { presentStore } from './store-presenter.js';
import { Store } from './store.entity.js';

export interface NewOrganization {
  readonly name: string;
  readonly planId: string;
}

/**
 * Makes organizations and stores, and tells of their changes; the ledger rows of their quota subjects come with
 * them, by trigger.
 */
@Injectable()
export class TenantsService {
  constructor(private readonly events: Events) {}

  /** A new, active organization without stores. */
  async createOrganization(tx: Transaction, { name, planId }: NewOrganization): Promise<Organization> {
    const id = newUuid();
    await tx.insert(Organization, { id, name, planId });
    await this.tellOfOrganization(tx, 'organization.created', id);
    return tx.findOneByOrFail(Organization, { id });
  }

  /** A new live store. Its requests use the organization's quota. */
  async createStore(tx: Transaction, organizationId: string, name: string): Promise<Store> {
    const id = newUuid();
    await tx.insert(Store, {
      id,
      organizationId,
      name,
      kind: 'live',
      liveStoreId: null,
      quotaSubject: organizationId,
    });
    return this.made(tx, id);
  }

  /**
   * The sandbox of a live store: keys issued there are test keys, its quota and data are its own.
   * @param live locked, so that it does not get two at once
   * @throws Conflict where it is a sandbox itself, or has its own already
   */
  async createSandbox(tx: Transaction, live: Store): Promise<Store> {
    if (live.kind === 'sandbox') throw new Conflict('A sandbox has no sandbox of its own.');
    if (await tx.existsBy(Store, { liveStoreId: live.id }))
      throw new Conflict('The store has its sandbox already.');
    const id = newUuid();
    await tx.insert(Store, {
      id,
      organizationId: live.organizationId,
      name: `${live.name} (sandbox)`,
      kind: 'sandbox',
      liveStoreId: live.id,
      quotaSubject: id,
    });
    return this.made(tx, id);
  }

  /** Writes the event of what has happened to an organization (UUID). */
  async tellOfOrganization(tx: Transaction, type: `organization.${string}`, id: string): Promise<void> {
    const view = await presentOrganization(tx, id);
    await this.events.emit(tx, {
      type,
      organizationId: id,
      storeId: null,
      subjectId: view.id,
      data: { ...view },
    });
  }

  /** Writes the event of what has happened to a store. @param more what its view does not say */
  async tellOfStore(
    tx: Transaction,
    type: `store.${string}`,
    store: Store,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const view = presentStore(store);
    await this.events.emit(tx, {
      type,
      organizationId: store.organizationId,
      storeId: store.id,
      subjectId: view.id,
      data: { ...view, ...more },
    });
  }

  private async made(tx: Transaction, id: string): Promise<Store> {
    const store = await tx.findOneByOrFail(Store, { id });
    await this.tellOfStore(tx, 'store.created', store);
    return store;
  }
}
