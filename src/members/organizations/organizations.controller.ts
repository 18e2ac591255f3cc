import { Body, Controller, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { withEtag } from '../../platform/http/etag.js';
import { Context, OperatorOnly, RequestContext, Requires, Resource } from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import { ApiAnswer, ApiErrors, ApiIfMatch, ApiPage, ApiGroup } from '../../platform/http/openapi/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { ListOrganizationsQuery, OrganizationResponse } from '../../tenants/index.js';
import { CreateOrganizationInput, PlanHistoryQuery, UpdateOrganizationInput } from './organization.input.js';
import { OrganizationsService } from './organizations.service.js';
import { PlanHistory } from './plan-history.js';
import { PlanHistoryEntryResponse } from './plan-history.response.js';

/** Every organization of the installation: for its operators. Here, because one is made with its first member. */
@ApiGroup('Organizations')
@Controller('organizations')
@OperatorOnly()
@Resource('settings.organization', { label: 'Organization', highest: 'admin' })
export class OrganizationsController {
  constructor(
    private readonly transactions: BusinessTransactions,
    private readonly organizations: OrganizationsService,
    private readonly history: PlanHistory,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listOrganizations', summary: 'List all organizations (operators)' })
  @ApiPage(OrganizationResponse, 'A page of organizations.')
  @ApiErrors()
  list(@Query() query: ListOrganizationsQuery): Promise<Page<OrganizationResponse>> {
    return this.organizations.page(query);
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
    const passwordHash = await this.organizations.hashOf(body);
    const created = await this.transactions.run(context, (tx) =>
      this.organizations.create(tx, body, passwordHash),
    );
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
    const updated = await this.transactions.run(context, (tx) =>
      this.organizations.update(tx, id, body, context.ifMatch),
    );
    return withEtag(context, updated);
  }

  @Get(':id/plan-history')
  @Requires('read')
  @ApiOperation({
    operationId: 'listPlanHistory',
    summary: 'List the changes of an organization’s plan, limits and status (operators)',
  })
  @ApiPage(PlanHistoryEntryResponse, 'A page of changes, the newest first.')
  @ApiErrors()
  planHistory(
    @IdParam('organization') id: string,
    @Query() query: PlanHistoryQuery,
  ): Promise<Page<PlanHistoryEntryResponse>> {
    return this.history.page(id, query, { isOperator: true });
  }
}
