import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  Context,
  Requires,
  RequestContext,
  Resource,
  Store,
  type StoreScope,
} from '../platform/http/index.js';
import { withEtag } from '../platform/http/etag.js';
import type { Page } from '../platform/http/lists/index.js';
import { ApiAnswer, ApiErrors, ApiPage, ApiGroup } from '../platform/http/openapi/index.js';
import { BusinessTransactions } from '../platform/writes/index.js';
import { StoreDirectory } from '../tenants/index.js';
import { CreateKeyInput } from './dto/key.input.js';
import { ListKeysQuery } from './dto/key.query.js';
import { KeyResponse, KeyWithTokenResponse } from './dto/key.response.js';
import { KeyOperations } from './key-operations.js';
import { UNVERSIONED_FIELDS } from './key-presenter.js';

/** The keys of a store. */
@ApiGroup(
  'Keys',
  'The keys of a store: made, narrowed, rotated, revoked, deleted; one by one or many at once.',
)
@Controller('stores/:storeId/keys')
@Resource('settings.keys', { label: 'Keys', highest: 'admin' })
export class StoreKeysController {
  constructor(
    private readonly transactions: BusinessTransactions,
    private readonly stores: StoreDirectory,
    private readonly operations: KeyOperations,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listKeys', summary: 'List the keys of a store' })
  @ApiPage(KeyResponse, 'A page of keys; never with their tokens.')
  @ApiErrors()
  list(@Store() store: StoreScope, @Query() query: ListKeysQuery): Promise<Page<KeyResponse>> {
    return this.operations.list(query, store.storeId);
  }

  @Post()
  @Requires('admin')
  @ApiOperation({ operationId: 'createKey', summary: 'Create a key; its token is shown once' })
  @ApiAnswer(KeyWithTokenResponse, {
    status: 201,
    description: 'The new key, with the token that no later answer holds.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async create(
    @Store() scope: StoreScope,
    @Body() body: CreateKeyInput,
    @Context() context: RequestContext,
  ): Promise<KeyWithTokenResponse> {
    const created = await this.transactions.run(
      context,
      async (tx) => {
        const store = await this.stores.find(scope.storeId, tx);
        if (!store) throw new Error('The store of the request does not exist.');
        const by = { actor: context.actor, principal: context.authenticated };
        return this.operations.create(tx, store, body, by);
      },
      { secretOf: (key) => key.id },
    );
    context.setHeader('Location', `/api/v1/keys/${created.id}`);
    const { token, ...key } = created;
    return { ...withEtag(context, key, UNVERSIONED_FIELDS), token };
  }
}
