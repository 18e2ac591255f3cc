import { Body, Controller, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Database, type Transaction } from '../../platform/database/index.js';
import { type FieldError, InvalidInput, NotFound } from '../../platform/errors/index.js';
import { assertMatches, etagOf, withEtag } from '../../platform/http/etag.js';
import { Context, OperatorOnly, RequestContext, Requires, Resource } from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import { ApiAnswer, ApiErrors, ApiIfMatch, ApiPage, ApiGroup } from '../../platform/http/openapi/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { Plan } from '../../plans/index.js';
import { BUILTIN_ROLES } from '../../roles/index.js';
import {
  ListOrganizationsQuery,
  Organization,
  OrganizationResponse,
  presentOrganization,
  presentOrganizations,
  TenantsService,
} from '../../tenants/index.js';
import { MembersService } from '../members.service.js';
import { changesOf } from './organization-changes.js';
import { CreateOrganizationInput, UpdateOrganizationInput } from './organization.input.js';

/** Every organization of the installation: for its operators. Here, because one is made with its first member. */
@ApiGroup('Organizations')
@Controller('organizations')
@OperatorOnly()
@Resource('settings.organization', { label: 'Organization', highest: 'admin' })
export class OrganizationsController {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly lists: Lists,
    private readonly tenants: TenantsService,
    private readonly members: MembersService,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listOrganizations', summary: 'List all organizations (operators)' })
  @ApiPage(OrganizationResponse, 'A page of organizations.')
  @ApiErrors()
  async list(@Query() query: ListOrganizationsQuery): Promise<Page<OrganizationResponse>> {
    const builder = this.database.manager.createQueryBuilder(Organization, 'organization').where('true');
    if (query.status) builder.andWhere('organization.status = :status', { status: query.status });
    const page = await this.lists.page(query, {
      name: 'organizations',
      builder,
      present: (organization) => organization,
    });
    return { ...page, data: await presentOrganizations(this.database.manager, page.data) };
  }

  @Post()
  @Requires('admin')
  @ApiOperation({
    operationId: 'createOrganization',
    summary: 'Create an organization with a store and its first administrator (operators)',
  })
  @ApiAnswer(OrganizationResponse, {
    status: 201,
    description: 'The new organization, with its stores.',
    etag: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async create(
    @Body() body: CreateOrganizationInput,
    @Context() context: RequestContext,
  ): Promise<OrganizationResponse> {
    const created = await this.transactions.run(context, async (tx) => {
      await assertPlan(tx, body.plan);
      const organization = await this.tenants.createOrganization(tx, { name: body.name, planId: body.plan });
      const store = await this.tenants.createStore(tx, organization.id, 'Main');
      await this.tenants.createSandbox(tx, store);
      const admin = {
        organizationId: organization.id,
        roleId: BUILTIN_ROLES.find(({ name }) => name === 'admin')?.id ?? '',
        email: body.admin.email,
        name: 'Administrator',
        password: body.admin.password,
        operator: false,
      };
      await faultsWithin('admin', () => this.members.create(tx, admin));
      return presentOrganization(tx, organization.id);
    });
    return withEtag(context, created);
  }

  @Patch(':id')
  @Requires('admin')
  @ApiOperation({
    operationId: 'changeOrganization',
    summary: 'Change an organization’s plan, limits, name or status (operators)',
  })
  @ApiAnswer(OrganizationResponse, {
    description: 'The organization as it is now; it binds the next request.',
    etag: true,
  })
  @ApiIfMatch()
  @ApiErrors('body', 'conditional')
  async update(
    @IdParam('organization') id: string,
    @Body() body: UpdateOrganizationInput,
    @Context() context: RequestContext,
  ): Promise<OrganizationResponse> {
    const updated = await this.transactions.run(context, async (tx) => {
      const organization = await tx.findOne(Organization, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      if (!organization) throw new NotFound();
      assertMatches(context.ifMatch, etagOf(await presentOrganization(tx, id)));
      if (body.plan !== undefined) await assertPlan(tx, body.plan);
      await tx.update(Organization, { id }, { ...changesOf(body), updatedAt: () => 'now()' });
      return presentOrganization(tx, id);
    });
    return withEtag(context, updated);
  }
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
