import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
import { newUuid } from '../platform/ids/index.js';
import { Organization } from './organization.entity.js';
import { Store } from './store.entity.js';

export interface NewOrganization {
  readonly name: string;
  readonly planId: string;
}

/** Makes organizations and stores; the ledger rows of their quota subjects come with them, by trigger. */
@Injectable()
export class TenantsService {
  /** A new, active organization without stores. */
  async createOrganization(tx: Transaction, { name, planId }: NewOrganization): Promise<Organization> {
    const id = newUuid();
    await tx.insert(Organization, { id, name, planId });
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
    return tx.findOneByOrFail(Store, { id });
  }

  /** The sandbox of a live store: keys issued there are test keys, its quota and data are its own. */
  async createSandbox(tx: Transaction, live: Store): Promise<Store> {
    const id = newUuid();
    await tx.insert(Store, {
      id,
      organizationId: live.organizationId,
      name: `${live.name} (sandbox)`,
      kind: 'sandbox',
      liveStoreId: live.id,
      quotaSubject: id,
    });
    return tx.findOneByOrFail(Store, { id });
  }
}
