import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Database, databaseClock } from '../platform/database/index.js';
import {
  Context,
  Requires,
  RequestContext,
  Resource,
  Store,
  type StoreScope,
} from '../platform/http/index.js';
import { withEtag } from '../platform/http/etag.js';
import { Lists, type Page } from '../platform/http/lists/index.js';
import { ApiAnswer, ApiErrors, ApiPage, ApiGroup } from '../platform/http/openapi/index.js';
import { BusinessTransactions } from '../platform/writes/index.js';
import { StoreDirectory } from '../tenants/index.js';
import { CreateKeyInput } from './dto/key.input.js';
import { ListKeysQuery } from './dto/key.query.js';
import { KeyResponse, KeyWithTokenResponse } from './dto/key.response.js';
import { expiryOf } from './expiry.js';
import { KeyInput } from './key-input.js';
import { KEY_STATUS_SQL, KeyPresenter, UNVERSIONED_FIELDS } from './key-presenter.js';
import { Key } from './key.entity.js';
import { KeysService } from './keys.service.js';

/** The keys of a store. */
@ApiGroup('Keys', 'The keys of a store: made, narrowed, rotated, revoked, deleted.')
@Controller('stores/:storeId/keys')
@Resource('settings.keys', { label: 'Keys', highest: 'admin' })
export class StoreKeysController {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly lists: Lists,
    private readonly stores: StoreDirectory,
    private readonly keys: KeysService,
    private readonly input: KeyInput,
    private readonly presenter: KeyPresenter,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listKeys', summary: 'List the keys of a store' })
  @ApiPage(KeyResponse, 'A page of keys; never with their tokens.')
  @ApiErrors()
  async list(@Store() store: StoreScope, @Query() query: ListKeysQuery): Promise<Page<KeyResponse>> {
    const builder = this.database.manager
      .createQueryBuilder(Key, 'k')
      .where('k.store_id = :storeId', { storeId: store.storeId });
    if (query.status) builder.andWhere(`${KEY_STATUS_SQL} = :status`, { status: query.status });
    const page = await this.lists.page(query, {
      name: `keys/${store.storeId}`,
      builder,
      present: (key) => key.id,
    });
    return { ...page, data: await this.presenter.many(this.database.manager, page.data) };
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
        this.input.assertValid(body);
        const store = await this.stores.find(scope.storeId, tx);
        if (!store) throw new Error('The store of the request does not exist.');
        const role = await this.input.roleFor(tx, store.organizationId, body);
        const permissions = body.permissions ?? null;
        await this.input.assertMayGive(tx, context.authenticated, role.grants, permissions);
        const { id, token } = await this.keys.create(
          tx,
          store,
          {
            name: body.name,
            roleId: role.id,
            permissions,
            expiresAt: expiryOf(body, await databaseClock(tx)),
            ipAllowlist: body.ipAllowlist ?? null,
            metadata: body.metadata ?? {},
          },
          context.actor,
        );
        return { ...(await this.presenter.one(tx, id)), token };
      },
      { secretOf: (key) => key.id },
    );
    context.setHeader('Location', `/api/v1/keys/${created.id}`);
    const { token, ...key } = created;
    return { ...withEtag(context, key, UNVERSIONED_FIELDS), token };
  }
}
