import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Database, type Transaction } from '../platform/database/index.js';
import { Conflict, NotFound } from '../platform/errors/index.js';
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
import { Lists, type Page } from '../platform/http/lists/index.js';
import {
  ApiAnswer,
  ApiConditionalGet,
  ApiErrors,
  ApiIfMatch,
  ApiPage,
  ApiGroup,
} from '../platform/http/openapi/index.js';
import { BusinessTransactions } from '../platform/writes/index.js';
import { CreateStoreInput, ListStoresQuery, StoreResponse, UpdateStoreInput } from './dto/store.js';
import { presentStore } from './store-presenter.js';
import { Store } from './store.entity.js';
import { TenantsService } from './tenants.service.js';

/** The organization's stores. The gate has checked that a store named in the path is the principal's. */
@ApiGroup('Stores', 'The stores of an organization, and their sandboxes.')
@Controller('stores')
@Resource('settings.stores', { label: 'Stores', highest: 'admin' })
export class StoresController {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly lists: Lists,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @OrganizationWide()
  @Requires('read')
  @ApiOperation({ operationId: 'listStores', summary: 'List the organization’s stores and sandboxes' })
  @ApiPage(StoreResponse, 'A page of stores.')
  @ApiErrors()
  list(@Query() query: ListStoresQuery, @Context() context: RequestContext): Promise<Page<StoreResponse>> {
    const { organizationId } = context.authenticated;
    const builder = this.database.manager
      .createQueryBuilder(Store, 'store')
      .where('store.organization_id = :organizationId', { organizationId });
    if (query.kind) builder.andWhere('store.kind = :kind', { kind: query.kind });
    return this.lists.page(query, { name: `stores/${organizationId}`, builder, present: presentStore });
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
    return withEtag(context, presentStore(await find(this.database.manager, scope)));
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
      const store = await find(tx, scope, 'lock');
      assertMatches(context.ifMatch, etagOf(presentStore(store)));
      if (body.name !== undefined && body.name !== store.name) {
        await tx.update(Store, { id: store.id }, { name: body.name, updatedAt: () => 'now()' });
      }
      return presentStore(await find(tx, scope));
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
    const sandbox = await this.transactions.run(context, async (tx) => {
      const store = await find(tx, scope, 'lock');
      if (store.kind === 'sandbox') throw new Conflict('A sandbox has no sandbox of its own.');
      if (await tx.existsBy(Store, { liveStoreId: store.id }))
        throw new Conflict('The store has its sandbox already.');
      return presentStore(await this.tenants.createSandbox(tx, store));
    });
    context.setHeader('Location', `/api/v1/stores/${sandbox.id}`);
    return withEtag(context, sandbox);
  }
}

async function find(tx: Transaction, { storeId }: StoreScope, lock?: 'lock'): Promise<Store> {
  const store = await tx.findOne(Store, {
    where: { id: storeId },
    ...(lock ? { lock: { mode: 'pessimistic_write' as const } } : {}),
  });
  if (!store) throw new NotFound();
  return store;
}
