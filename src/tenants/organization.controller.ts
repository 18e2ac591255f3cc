import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Database } from '../platform/database/index.js';
import { assertMatches, etagOf, withEtag } from '../platform/http/etag.js';
import { Context, OrganizationWide, RequestContext, Requires, Resource } from '../platform/http/index.js';
import {
  ApiAnswer,
  ApiConditionalGet,
  ApiErrors,
  ApiIfMatch,
  ApiGroup,
} from '../platform/http/openapi/index.js';
import { BusinessTransactions } from '../platform/writes/index.js';
import { OrganizationResponse, OwnOrganizationInput } from './dto/organization.js';
import { presentOrganization } from './organization-presenter.js';
import { Organization } from './organization.entity.js';
import { TenantsService } from './tenants.service.js';

/** The principal's own organization. */
@ApiGroup('Organizations', 'The customers: one for whoever belongs to it, all of them for operators.')
@Controller('organization')
@OrganizationWide()
@Resource('settings.organization', { label: 'Organization', highest: 'admin' })
export class OrganizationController {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'getOrganization', summary: 'Get your organization' })
  @ApiAnswer(OrganizationResponse, { description: 'The organization, with its stores.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(@Context() context: RequestContext): Promise<OrganizationResponse> {
    return withEtag(
      context,
      await presentOrganization(this.database.manager, context.authenticated.organizationId),
    );
  }

  @Patch()
  @Requires('admin')
  @ApiOperation({ operationId: 'updateOrganization', summary: 'Change your organization’s name or settings' })
  @ApiAnswer(OrganizationResponse, { description: 'The organization as it is now.', etag: true })
  @ApiIfMatch()
  @ApiErrors('body', 'conditional')
  async update(
    @Body() body: OwnOrganizationInput,
    @Context() context: RequestContext,
  ): Promise<OrganizationResponse> {
    const id = context.authenticated.organizationId;
    const updated = await this.transactions.run(context, async (tx) => {
      const organization = await tx.findOneOrFail(Organization, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      assertMatches(context.ifMatch, etagOf(await presentOrganization(tx, id)));
      const changed =
        (body.name !== undefined && body.name !== organization.name) ||
        (body.idleKeyDays !== undefined && body.idleKeyDays !== organization.idleKeyDays);
      if (changed) {
        await tx.update(Organization, { id }, { ...body, updatedAt: () => 'now()' });
        await this.tenants.tellOfOrganization(tx, 'organization.updated', id);
      }
      return presentOrganization(tx, id);
    });
    return withEtag(context, updated);
  }
}
