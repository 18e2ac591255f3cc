import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { toPublicId } from '../../platform/ids/index.js';
import {
  Context,
  Free,
  Requires,
  RequestContext,
  Resource,
  Store,
  type StoreScope,
} from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { BulkExtendInput, BulkRevokeInput, BulkRotateInput } from './bulk.input.js';
import { BulkKeysResponse } from './bulk.response.js';
import { BulkKeys } from './bulk-keys.js';

const HOW =
  'Touches the active keys of the store that fit the filter, at most 200 in order of their creation; `more` says that ' +
  'others are left. The calling key is treated as the others.';

/** Many keys of a store at once. */
@ApiGroup('Keys')
@Controller('stores/:storeId/keys')
@Resource('settings.keys', { label: 'Keys', highest: 'admin' })
export class BulkKeysController {
  constructor(
    private readonly transactions: BusinessTransactions,
    private readonly bulk: BulkKeys,
  ) {}

  @Post('bulk-revoke')
  @HttpCode(200)
  @Free()
  @Requires('admin')
  @ApiOperation({
    operationId: 'bulkRevokeKeys',
    summary: 'Revoke many keys, for good and at once',
    description: HOW,
  })
  @ApiAnswer(BulkKeysResponse, { description: 'What became of each key.', idempotent: true })
  @ApiErrors('body', 'idempotent')
  revoke(
    @Store() store: StoreScope,
    @Body() body: BulkRevokeInput,
    @Context() context: RequestContext,
  ): Promise<BulkKeysResponse> {
    return this.transactions.run(context, (tx) => this.bulk.revoke(tx, store.storeId, body), {
      reason: body.reason,
    });
  }

  @Post('bulk-rotate')
  @HttpCode(200)
  @Free()
  @Requires('admin')
  @ApiOperation({
    operationId: 'bulkRotateKeys',
    summary: 'Give many keys a new secret; the new tokens are shown once',
    description: `${HOW} A key that has more than you hold is refused and left alone.`,
  })
  @ApiAnswer(BulkKeysResponse, { description: 'Each key with its new token.', idempotent: true })
  @ApiErrors('body', 'idempotent')
  rotate(
    @Store() store: StoreScope,
    @Body() body: BulkRotateInput,
    @Context() context: RequestContext,
  ): Promise<BulkKeysResponse> {
    return this.transactions.run(
      context,
      (tx) => this.bulk.rotate(tx, store.storeId, body, context.authenticated),
      { secretOf: (answer) => (holdsToken(answer) ? toPublicId('store', store.storeId) : null) },
    );
  }

  @Post('bulk-extend')
  @HttpCode(200)
  @Requires('admin')
  @ApiOperation({
    operationId: 'bulkExtendKeys',
    summary: 'Give many keys a later end',
    description: `${HOW} A key that has more than you hold, ends later already, or never ends, is refused and left alone.`,
  })
  @ApiAnswer(BulkKeysResponse, { description: 'Each key with its new end.', idempotent: true })
  @ApiErrors('body', 'idempotent')
  extend(
    @Store() store: StoreScope,
    @Body() body: BulkExtendInput,
    @Context() context: RequestContext,
  ): Promise<BulkKeysResponse> {
    return this.transactions.run(context, (tx) =>
      this.bulk.extend(tx, store.storeId, body, context.authenticated),
    );
  }
}

function holdsToken({ results }: BulkKeysResponse): boolean {
  return results.some(({ token }) => token !== undefined);
}
