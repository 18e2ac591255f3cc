import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Brackets } from 'typeorm';
import { Database, type Transaction } from '../platform/database/index.js';
import { assertMatches, etagOf, withEtag } from '../platform/http/etag.js';
import { Context, OrganizationWide, RequestContext, Requires, Resource } from '../platform/http/index.js';
import { EnumField, IdParam } from '../platform/http/input/index.js';
import { ListQuery, Lists, type Page } from '../platform/http/lists/index.js';
import {
  ApiAnswer,
  ApiConditionalGet,
  ApiErrors,
  ApiIfMatch,
  ApiNoContent,
  ApiPage,
  ApiGroup,
} from '../platform/http/openapi/index.js';
import { BusinessTransactions } from '../platform/writes/index.js';
import { CreateRoleInput, UpdateRoleInput } from './dto/role.input.js';
import { RoleResponse } from './dto/role.response.js';
import { assertWithinOwnGrants } from './own-grants.js';
import { ResourceRegistry } from './resource-registry.js';
import { grantsOf } from './role-grants.js';
import { RolePresenter } from './role-presenter.js';
import { Role } from './role.entity.js';
import { RolesService } from './roles.service.js';

const ROLE_ORDERS = ['name', 'createdAt', 'updatedAt'] as const;

export class ListRolesQuery extends ListQuery {
  @EnumField({ values: ROLE_ORDERS, default: 'name', description: 'What to order by.' })
  sortBy!: (typeof ROLE_ORDERS)[number];
}

/** The organization's own roles and the built-in ones. */
@ApiGroup('Roles', 'What a key or member may do: the roles, and everything that grants can name.')
@Controller('roles')
@OrganizationWide()
@Resource('settings.roles', { label: 'Roles', highest: 'admin' })
export class RolesController {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly lists: Lists,
    private readonly roles: RolesService,
    private readonly registry: ResourceRegistry,
    private readonly presenter: RolePresenter,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listRoles', summary: 'List the roles: built in, and the organization’s own' })
  @ApiPage(RoleResponse, 'A page of roles.')
  @ApiErrors()
  list(@Query() query: ListRolesQuery, @Context() context: RequestContext): Promise<Page<RoleResponse>> {
    const { organizationId } = context.authenticated;
    const builder = this.database.manager
      .createQueryBuilder(Role, 'role')
      .where(
        new Brackets((own) =>
          own
            .where('role.organization_id = :organizationId', { organizationId })
            .orWhere('role.organization_id IS NULL'),
        ),
      );
    return this.lists.page(query, {
      name: `roles/${organizationId}`,
      builder,
      present: (role) => this.presenter.present(role),
    });
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getRole', summary: 'Get a role' })
  @ApiAnswer(RoleResponse, { description: 'The role.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(@IdParam('role') id: string, @Context() context: RequestContext): Promise<RoleResponse> {
    const role = await this.roles.get(this.database.manager, context.authenticated.organizationId, id);
    return withEtag(context, this.presenter.present(role));
  }

  @Post()
  @Requires('admin')
  @ApiOperation({ operationId: 'createRole', summary: 'Create a role' })
  @ApiAnswer(RoleResponse, {
    status: 201,
    description: 'The new role.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async create(@Body() body: CreateRoleInput, @Context() context: RequestContext): Promise<RoleResponse> {
    const created = await this.transactions.run(context, async (tx) => {
      const grants = grantsOf(body, this.registry);
      assertWithinOwnGrants(context.authenticated, { grants }, this.registry);
      const { organizationId } = context.authenticated;
      return this.presenter.present(
        await this.roles.create(tx, organizationId, {
          name: body.name,
          description: body.description,
          grants,
        }),
      );
    });
    context.setHeader('Location', `/api/v1/roles/${created.id}`);
    return withEtag(context, created);
  }

  @Patch(':id')
  @Requires('admin')
  @ApiOperation({
    operationId: 'updateRole',
    summary: 'Change a role; it binds the next request of every key that has it',
  })
  @ApiAnswer(RoleResponse, { description: 'The role as it is now.', etag: true })
  @ApiIfMatch()
  @ApiErrors('body', 'conditional', 'conflict')
  async update(
    @IdParam('role') id: string,
    @Body() body: UpdateRoleInput,
    @Context() context: RequestContext,
  ): Promise<RoleResponse> {
    const updated = await this.transactions.run(context, async (tx) => {
      const role = await this.open(tx, context, id);
      assertWithinOwnGrants(context.authenticated, { grants: role.grants }, this.registry);
      const grants =
        body.grants === undefined ? role.grants : grantsOf({ grants: body.grants }, this.registry);
      assertWithinOwnGrants(context.authenticated, { grants }, this.registry);
      return this.presenter.present(await this.roles.update(tx, role, { ...body, grants }));
    });
    return withEtag(context, updated);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({ operationId: 'deleteRole', summary: 'Delete a role that nobody has' })
  @ApiNoContent('The role is gone.')
  @ApiIfMatch()
  @ApiErrors('conditional', 'conflict')
  async delete(@IdParam('role') id: string, @Context() context: RequestContext): Promise<void> {
    await this.transactions.run(context, async (tx) => {
      await this.roles.delete(tx, await this.open(tx, context, id));
    });
  }

  private async open(tx: Transaction, context: RequestContext, id: string): Promise<Role> {
    const role = await this.roles.getForChange(tx, context.authenticated.organizationId, id);
    assertMatches(context.ifMatch, etagOf(this.presenter.present(role)));
    return role;
  }
}
