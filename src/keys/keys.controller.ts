import { Body, Controller, Delete, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import { Database, type Transaction } from '../platform/database/index.js';
import { Context, Free, Requires, RequestContext, Resource } from '../platform/http/index.js';
import { assertMatches, etagOf, withEtag } from '../platform/http/etag.js';
import { IdParam } from '../platform/http/input/index.js';
import {
  ApiAnswer,
  ApiConditionalGet,
  ApiErrors,
  ApiIfMatch,
  ApiNoContent,
  ApiGroup,
} from '../platform/http/openapi/index.js';
import { BusinessTransactions } from '../platform/writes/index.js';
import { RevokeKeyInput, RotateKeyInput, UpdateKeyInput } from './dto/key.input.js';
import { KeyResponse, RotatedKeyResponse } from './dto/key.response.js';
import { KeyFinder } from './key-finder.js';
import { KeyOperations } from './key-operations.js';
import { KeyPresenter, UNVERSIONED_FIELDS } from './key-presenter.js';
import type { Key } from './key.entity.js';
import { KeysService } from './keys.service.js';

/** One key: looked at, changed, rotated, revoked, deleted. */
@ApiGroup('Keys')
@Controller('keys')
@Resource('settings.keys', { label: 'Keys', highest: 'admin' })
export class KeysController {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly finder: KeyFinder,
    private readonly keys: KeysService,
    private readonly operations: KeyOperations,
    private readonly presenter: KeyPresenter,
  ) {}

  @Get(':id')
  @Requires('read', { orSelf: 'id' })
  @ApiOperation({ operationId: 'getKey', summary: 'Get a key' })
  @ApiAnswer(KeyResponse, { description: 'The key; never with its token.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(@IdParam('key') id: string, @Context() context: RequestContext): Promise<KeyResponse> {
    await this.finder.get(this.database.manager, context.authenticated, id);
    return withEtag(context, await this.presenter.one(this.database.manager, id), UNVERSIONED_FIELDS);
  }

  @Patch(':id')
  @Requires('admin')
  @ApiOperation({
    operationId: 'updateKey',
    summary: 'Change a key’s name, role, permissions, allow-list, limits, owner or end',
  })
  @ApiAnswer(KeyResponse, { description: 'The key as it is now; its token still works.', etag: true })
  @ApiIfMatch()
  @ApiErrors('body', 'conditional', 'conflict')
  async update(
    @IdParam('key') id: string,
    @Body() body: UpdateKeyInput,
    @Context() context: RequestContext,
  ): Promise<KeyResponse> {
    const updated = await this.transactions.run(context, async (tx) => {
      const key = await this.open(tx, context, id);
      return this.operations.update(tx, key, body, { principal: context.authenticated });
    });
    return withEtag(context, updated, UNVERSIONED_FIELDS);
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @Free()
  @Requires('admin')
  @ApiBody({ type: RotateKeyInput, required: false })
  @ApiOperation({ operationId: 'rotateKey', summary: 'Give a key a new secret; the new token is shown once' })
  @ApiAnswer(RotatedKeyResponse, {
    description: 'The key with its new token, and when the old one ends.',
    etag: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async rotate(
    @IdParam('key') id: string,
    @Body() body: RotateKeyInput,
    @Context() context: RequestContext,
  ): Promise<RotatedKeyResponse> {
    const rotated = await this.transactions.run(
      context,
      async (tx) => {
        const key = await this.open(tx, context, id);
        return this.operations.rotate(tx, key, body, { principal: context.authenticated });
      },
      { secretOf: (key) => key.id },
    );
    const { token, oldSecretEndsAt, ...key } = rotated;
    return { ...withEtag(context, key, UNVERSIONED_FIELDS), token, oldSecretEndsAt };
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @Free()
  @Requires('admin', { orSelf: 'id' })
  @ApiBody({ type: RevokeKeyInput, required: false })
  @ApiOperation({ operationId: 'revokeKey', summary: 'Revoke a key, for good and at once' })
  @ApiAnswer(KeyResponse, {
    description: 'The revoked key; the same where it was revoked before.',
    etag: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent')
  async revoke(
    @IdParam('key') id: string,
    @Body() body: RevokeKeyInput,
    @Context() context: RequestContext,
  ): Promise<KeyResponse> {
    const revoked = await this.transactions.run(
      context,
      async (tx) => this.operations.revoke(tx, await this.open(tx, context, id), body),
      { reason: body.reason },
    );
    return withEtag(context, revoked, UNVERSIONED_FIELDS);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({
    operationId: 'deleteKey',
    summary: 'Delete a key’s record; an active key is revoked by it',
  })
  @ApiNoContent('The key is gone; the logs keep its name.')
  @ApiIfMatch()
  @ApiErrors('conditional')
  async delete(@IdParam('key') id: string, @Context() context: RequestContext): Promise<void> {
    await this.transactions.run(context, async (tx) => {
      await this.keys.delete(tx, await this.open(tx, context, id));
    });
  }

  /** The key, locked for a change; `If-Match` is checked against what it is under the lock. */
  private async open(tx: Transaction, context: RequestContext, id: string): Promise<Key> {
    const key = await this.finder.get(tx, context.authenticated, id, 'lock');
    if (context.ifMatch !== undefined) {
      assertMatches(context.ifMatch, etagOf(await this.presenter.one(tx, id), UNVERSIONED_FIELDS));
    }
    return key;
  }
}
