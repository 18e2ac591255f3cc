import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/index.js';
import { type FieldError, InvalidInput, NotFound } from '../../platform/errors/index.js';
import { assertMatches, etagOf } from '../../platform/http/etag.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import { Plan } from '../../plans/index.js';
import {
  type ListOrganizationsQuery,
  Organization,
  type OrganizationResponse,
  presentOrganization,
  presentOrganizations,
  TenantsService,
} from '../../tenants/index.js';
import { ADMIN_ROLE_ID } from '../admin-role.js';
import { MembersService } from '../members.service.js';
import { changesOf } from './organization-changes.js';
import type { CreateOrganizationInput, UpdateOrganizationInput } from './organization.input.js';

const ADMIN_NAME = 'Administrator';

/** Every organization of the installation, as its operators manage them. Changes run in the caller's transaction. */
@Injectable()
export class OrganizationsService {
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
    private readonly tenants: TenantsService,
    private readonly members: MembersService,
  ) {}

  /** @throws InvalidInput for a cursor that is not this list's */
  async page(query: ListOrganizationsQuery): Promise<Page<OrganizationResponse>> {
    const builder = this.database.manager.createQueryBuilder(Organization, 'organization').where('true');
    if (query.status) builder.andWhere('organization.status = :status', { status: query.status });
    const page = await this.lists.page(query, {
      name: 'organizations',
      builder,
      present: (organization) => organization,
    });
    return { ...page, data: await presentOrganizations(this.database.manager, page.data) };
  }

  /**
   * What `create` takes in place of the administrator's password: made before the transaction, since it takes its time.
   * @throws InvalidInput, with `admin.password`, for one that breaks the rules; TooManyFailedAttempts
   */
  hashOf({ admin: { email, password } }: CreateOrganizationInput): Promise<string> {
    return faultsWithin('admin', () => this.members.hash(password, { email, name: ADMIN_NAME }));
  }

  /**
   * A new organization with a live store, its sandbox and its first administrator.
   * @param passwordHash the administrator's, by `hashOf`
   * @throws InvalidInput, with `admin.…` for the administrator's faults; Conflict where the address is taken
   */
  async create(
    tx: Transaction,
    { name, plan, admin }: CreateOrganizationInput,
    passwordHash: string,
  ): Promise<OrganizationResponse> {
    await assertPlan(tx, plan);
    const organization = await this.tenants.createOrganization(tx, { name, planId: plan });
    const store = await this.tenants.createStore(tx, organization.id, 'Main');
    await this.tenants.createSandbox(tx, store);
    const member = {
      organizationId: organization.id,
      roleId: ADMIN_ROLE_ID,
      email: admin.email,
      name: ADMIN_NAME,
      passwordHash,
      operator: false,
    };
    await faultsWithin('admin', () => this.members.create(tx, member));
    return presentOrganization(tx, organization.id);
  }

  /**
   * Changes what is given; it binds the next request. @param id UUID
   * @throws NotFound, PreconditionFailed, InvalidInput for a plan that is none
   */
  async update(
    tx: Transaction,
    id: string,
    input: UpdateOrganizationInput,
    ifMatch?: string,
  ): Promise<OrganizationResponse> {
    const before = await tx.findOne(Organization, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!before) throw new NotFound();
    assertMatches(ifMatch, etagOf(await presentOrganization(tx, id)));
    if (input.plan !== undefined) await assertPlan(tx, input.plan);
    const changes = changesOf(input);
    const changed = Object.entries(changes).filter(
      ([column, value]) => value !== undefined && value !== Reflect.get(before, column),
    );
    if (changed.length === 0) return presentOrganization(tx, id);
    await tx.update(Organization, { id }, { ...changes, updatedAt: () => 'now()' });
    for (const type of happened(
      changed.map(([column]) => column),
      input.status,
    )) {
      await this.tenants.tellOfOrganization(tx, type, id);
    }
    return presentOrganization(tx, id);
  }
}

/** What there is to tell: a change of state by its own name, everything else as an update. */
function happened(
  columns: readonly string[],
  status: Organization['status'] | undefined,
): `organization.${string}`[] {
  const events: `organization.${string}`[] = [];
  if (columns.some((column) => column !== 'status')) events.push('organization.updated');
  if (columns.includes('status')) {
    events.push(status === 'suspended' ? 'organization.suspended' : 'organization.resumed');
  }
  return events;
}

/** Names the faults of a part of the body as the body does: `admin.email`. */
async function faultsWithin<T>(part: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const faults = (error.details?.['errors'] ?? []) as FieldError[];
    const [first, ...rest] = faults.map(({ field, reason }) => ({ field: `${part}.${field}`, reason }));
    throw first ? new InvalidInput([first, ...rest]) : error;
  }
}

async function assertPlan(tx: Transaction, id: string): Promise<void> {
  if (!(await tx.existsBy(Plan, { id }))) throw new InvalidInput([{ field: 'plan', reason: 'is no plan' }]);
}
