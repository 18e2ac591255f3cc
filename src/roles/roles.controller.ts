import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Brackets } from 'typeorm';
import { Database, type Transaction } from '../platform/database/index.js';
import { assertMatches, etagOf, withEtag } from '../platform/http/etag.js';
import {
  Context,
  OrganizationWide,
  reaches,
  RequestContext,
  Requires,
  Resource,
} from '../platform/http/index.js';
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
import { ChangedRoleResponse, RolePreviewResponse, RoleResponse } from './dto/role.response.js';
import { assertWithinOwnGrants } from './own-grants.js';
import { ResourceRegistry } from './resource-registry.js';
import { RoleEdits } from './role-edits.js';
import { grantsOf } from './role-grants.js';
import { RolePresenter } from './role-presenter.js';
import { Role } from './role.entity.js';
import { RolesService, type RoleValues } from './roles.service.js';

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
    private readonly edits: RoleEdits,
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
  @ApiAnswer(ChangedRoleResponse, {
    description: 'The role as it is now, and what changed; the ETag is of the role alone.',
    etag: true,
  })
  @ApiIfMatch()
  @ApiErrors('body', 'conditional', 'conflict')
  async update(
    @IdParam('role') id: string,
    @Body() body: UpdateRoleInput,
    @Context() context: RequestContext,
  ): Promise<ChangedRoleResponse> {
    const { change, ...role } = await this.transactions.run(context, async (tx) => {
      const found = await this.open(tx, context, id);
      return this.edits.save(tx, found, this.valuesAfter(context, found, body));
    });
    return { ...withEtag(context, role), change };
  }

  @Post(':id/preview')
  @HttpCode(200)
  @Requires('read')
  @ApiOperation({
    operationId: 'previewRole',
    summary: 'Show what a change of a role would do, without saving it',
    description:
      'Takes and refuses what `updateRole` does. Needs no more than reading: nothing changes. Keys are named to whoever may read keys.',
  })
  @ApiAnswer(RolePreviewResponse, {
    description: 'The role as it would be, the change, and the keys it would reach.',
    idempotent: true,
  })
  @ApiIfMatch()
  @ApiErrors('body', 'idempotent', 'conditional', 'conflict')
  preview(
    @IdParam('role') id: string,
    @Body() body: UpdateRoleInput,
    @Context() context: RequestContext,
  ): Promise<RolePreviewResponse> {
    return this.transactions.run(context, async (tx) => {
      const role = await this.roles.getOwn(tx, context.authenticated.organizationId, id);
      assertMatches(context.ifMatch, etagOf(this.presenter.present(role)));
      const namesKeys = reaches(context.authenticated.effective('settings.keys').level, 'read');
      return this.edits.preview(tx, role, this.valuesAfter(context, role, body), { namesKeys });
    });
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({ operationId: 'deleteRole', summary: 'Delete a role that no key and no member has' })
  @ApiNoContent('The role is gone.')
  @ApiIfMatch()
  @ApiErrors('conditional', 'conflict')
  async delete(@IdParam('role') id: string, @Context() context: RequestContext): Promise<void> {
    await this.transactions.run(context, async (tx) => {
      await this.roles.delete(tx, await this.open(tx, context, id));
    });
  }

  /** What an edit makes of a role; whoever edits holds both what it has and what it gets. */
  private valuesAfter({ authenticated }: RequestContext, role: Role, body: UpdateRoleInput): RoleValues {
    assertWithinOwnGrants(authenticated, { grants: role.grants }, this.registry);
    const values = this.edits.valuesAfter(role, body);
    assertWithinOwnGrants(authenticated, { grants: values.grants }, this.registry);
    return values;
  }

  private async open(tx: Transaction, context: RequestContext, id: string): Promise<Role> {
    const role = await this.roles.getForChange(tx, context.authenticated.organizationId, id);
    assertMatches(context.ifMatch, etagOf(this.presenter.present(role)));
    return role;
  }
}
