import type { Transaction } from '../platform/database/index.js';
import { toPublicId } from '../platform/ids/index.js';
import { In } from 'typeorm';
import type { OrganizationResponse } from './dto/organization.js';
import { Organization } from './organization.entity.js';
import { presentLimits } from './organization-limits.js';
import { presentStore } from './store-presenter.js';
import { Store } from './store.entity.js';

/** Organizations with their stores, as the API shows them; by one statement for all of them. */
export async function presentOrganizations(
  tx: Transaction,
  organizations: readonly Organization[],
): Promise<OrganizationResponse[]> {
  if (organizations.length === 0) return [];
  const stores = await tx.find(Store, {
    where: { organizationId: In(organizations.map(({ id }) => id)) },
    order: { createdAt: 'ASC', id: 'ASC' },
  });
  return organizations.map((organization) => ({
    id: toPublicId('organization', organization.id),
    name: organization.name,
    status: organization.status,
    plan: organization.planId,
    limits: presentLimits(organization),
    idleKeyDays: organization.idleKeyDays,
    stores: stores.filter((store) => store.organizationId === organization.id).map(presentStore),
    createdAt: organization.createdAt.toISOString(),
    updatedAt: organization.updatedAt.toISOString(),
  }));
}

/** One organization, by its UUID, which exists. */
export async function presentOrganization(tx: Transaction, id: string): Promise<OrganizationResponse> {
  const [organization] = await presentOrganizations(tx, [await tx.findOneByOrFail(Organization, { id })]);
  if (!organization) throw new Error('The organization to be shown does not exist.');
  return organization;
}
