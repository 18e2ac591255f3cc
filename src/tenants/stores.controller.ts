import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Database } from '../platform/database/index.js';
import { assertMatches, etagOf, withEtag } from '../platform/http/etag.js';
import {
  Context,
  OrganizationWide,
  RequestContext,
  Requires,
  Resource,
  Store as Scope,
  type StoreScope,
} from '../platform/http/index.js';
import type { Page } from '../platform/http/lists/index.js';
import {
  ApiAnswer,
  ApiConditionalGet,
  ApiErrors,
  ApiIfMatch,
  ApiPage,
  ApiGroup,
} from '../platform/http/openapi/index.js';
import { BusinessTransactions } from '../platform/writes/index.js';
import {
  CreateStoreInput,
  ListStoresQuery,
  StoreResetResponse,
  StoreResponse,
  UpdateStoreInput,
} from './dto/store.js';
import { presentStore } from './store-presenter.js';
import { StoresService } from './stores.service.js';
import { TenantsService } from './tenants.service.js';

/** The organization's stores. The gate has checked that a store named in the path is the principal's. */
@ApiGroup('Stores', 'The stores of an organization, and their sandboxes.')
@Controller('stores')
@Resource('settings.stores', { label: 'Stores', highest: 'admin' })
export class StoresController {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly stores: StoresService,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @OrganizationWide()
  @Requires('read')
  @ApiOperation({ operationId: 'listStores', summary: 'List the organization’s stores and sandboxes' })
  @ApiPage(StoreResponse, 'A page of stores.')
  @ApiErrors()
  list(@Query() query: ListStoresQuery, @Context() context: RequestContext): Promise<Page<StoreResponse>> {
    return this.stores.page(query, context.authenticated.organizationId);
  }

  @Post()
  @OrganizationWide()
  @Requires('admin')
  @ApiOperation({ operationId: 'createStore', summary: 'Create a live store' })
  @ApiAnswer(StoreResponse, {
    status: 201,
    description: 'The new store.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent')
  async create(@Body() body: CreateStoreInput, @Context() context: RequestContext): Promise<StoreResponse> {
    const created = await this.transactions.run(context, async (tx) =>
      presentStore(await this.tenants.createStore(tx, context.authenticated.organizationId, body.name)),
    );
    context.setHeader('Location', `/api/v1/stores/${created.id}`);
    return withEtag(context, created);
  }

  @Get(':storeId')
  @Requires('read')
  @ApiOperation({ operationId: 'getStore', summary: 'Get a store' })
  @ApiAnswer(StoreResponse, { description: 'The store.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(@Scope() scope: StoreScope, @Context() context: RequestContext): Promise<StoreResponse> {
    return withEtag(context, presentStore(await this.stores.get(this.database.manager, scope.storeId)));
  }

  @Patch(':storeId')
  @Requires('admin')
  @ApiOperation({ operationId: 'updateStore', summary: 'Rename a store' })
  @ApiAnswer(StoreResponse, { description: 'The store as it is now.', etag: true })
  @ApiIfMatch()
  @ApiErrors('body', 'conditional')
  async update(
    @Scope() scope: StoreScope,
    @Body() body: UpdateStoreInput,
    @Context() context: RequestContext,
  ): Promise<StoreResponse> {
    const updated = await this.transactions.run(context, async (tx) => {
      const store = await this.stores.get(tx, scope.storeId, 'lock');
      assertMatches(context.ifMatch, etagOf(presentStore(store)));
      return presentStore(body.name === undefined ? store : await this.stores.rename(tx, store, body.name));
    });
    return withEtag(context, updated);
  }

  @Post(':storeId/sandbox')
  @HttpCode(201)
  @Requires('admin')
  @ApiOperation({ operationId: 'createSandbox', summary: 'Give a live store its sandbox' })
  @ApiAnswer(StoreResponse, {
    status: 201,
    description: 'The sandbox.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('idempotent', 'conflict')
  async createSandbox(
    @Scope() scope: StoreScope,
    @Context() context: RequestContext,
  ): Promise<StoreResponse> {
    const sandbox = await this.transactions.run(context, async (tx) =>
      presentStore(await this.tenants.createSandbox(tx, await this.stores.get(tx, scope.storeId, 'lock'))),
    );
    context.setHeader('Location', `/api/v1/stores/${sandbox.id}`);
    return withEtag(context, sandbox);
  }

  @Post(':storeId/reset')
  @HttpCode(200)
  @Requires('admin')
  @ApiOperation({
    operationId: 'resetStore',
    summary: 'Empty a sandbox',
    description:
      'Removes what the sandbox holds and lets its quota begin anew. Its keys stay. A live store is 409.',
  })
  @ApiAnswer(StoreResetResponse, { description: 'The sandbox, and what was removed.', idempotent: true })
  @ApiErrors('idempotent', 'conflict')
  reset(@Scope() scope: StoreScope, @Context() context: RequestContext): Promise<StoreResetResponse> {
    return this.transactions.run(context, async (tx) =>
      this.stores.reset(tx, await this.stores.get(tx, scope.storeId, 'lock')),
    );
  }
}
