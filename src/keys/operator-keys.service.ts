import { Injectable } from '@nestjs/common';
import type { Actor, Transaction } from '../platform/database/index.js';
import { readInput } from '../platform/http/input/index.js';
import type { Page } from '../platform/http/lists/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import type { Store } from '../tenants/index.js';
import { BulkExtendInput, BulkRevokeInput, BulkRotateInput } from './bulk/bulk.input.js';
import type { BulkKeysResponse } from './bulk/bulk.response.js';
import { BulkKeys } from './bulk/bulk-keys.js';
import { CreateKeyInput, RevokeKeyInput, RotateKeyInput, UpdateKeyInput } from './dto/key.input.js';
import { ListKeysQuery } from './dto/key.query.js';
import type { KeyResponse, KeyWithTokenResponse, RotatedKeyResponse } from './dto/key.response.js';
import { KeyOperations } from './key-operations.js';
import { KeyPresenter } from './key-presenter.js';
import { Key } from './key.entity.js';
import { KeysService } from './keys.service.js';

/** Who is bound to no grants of its own. */
const OPERATOR = { principal: null };

/**
 * Keys as whoever runs the installation manages them, at the command line: every rule of the API, read from the
 * same input classes, but no principal, so that every store is within reach and nothing exceeds own grants.
 */
@Injectable()
export class OperatorKeysService {
  constructor(
    private readonly operations: KeyOperations,
    private readonly bulk: BulkKeys,
    private readonly keys: KeysService,
    private readonly presenter: KeyPresenter,
  ) {}

  /** The key with that public id, locked until the transaction ends; undefined where there is none. */
  async find(tx: Transaction, publicId: string): Promise<Key | undefined> {
    const id = fromPublicId('key', publicId);
    if (id === undefined) return undefined;
    const key = await tx.findOne(Key, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return key ?? undefined;
  }

  /** A key as the API shows it. */
  show(tx: Transaction, key: Key): Promise<KeyResponse> {
    return this.presenter.one(tx, key.id);
  }

  /**
   * A page of the keys of a store, or of all stores.
   * @param query as in the query string of the API's list
   * @throws InvalidInput
   */
  async list(query: Readonly<Record<string, string>>, store?: Store): Promise<Page<KeyResponse>> {
    return this.operations.list(readInput(ListKeysQuery, query, 'query'), store?.id);
  }

  /**
   * A new key of a store, with the token that no later answer holds.
   * @param body as in the API
   * @throws InvalidInput, KeyLimitReached
   */
  async create(tx: Transaction, store: Store, body: object, actor: Actor): Promise<KeyWithTokenResponse> {
    return this.operations.create(tx, store, readInput(CreateKeyInput, body, 'body'), { actor, ...OPERATOR });
  }

  /** Changes what is named. @param body as in the API @throws InvalidInput, KeyNotActive */
  async update(tx: Transaction, key: Key, body: object): Promise<KeyResponse> {
    return this.operations.update(tx, key, readInput(UpdateKeyInput, body, 'body'), OPERATOR);
  }

  /** A new secret for a key. @param body as in the API @throws InvalidInput, KeyNotActive */
  async rotate(tx: Transaction, key: Key, body: object): Promise<RotatedKeyResponse> {
    return this.operations.rotate(tx, key, readInput(RotateKeyInput, body, 'body'), OPERATOR);
  }

  /** Ends a key for good; one revoked before stays as it was. @param body as in the API @throws InvalidInput */
  async revoke(tx: Transaction, key: Key, body: object): Promise<KeyResponse> {
    return this.operations.revoke(tx, key, readInput(RevokeKeyInput, body, 'body'));
  }

  /** Removes a key's record. */
  async delete(tx: Transaction, key: Key): Promise<void> {
    await this.keys.delete(tx, key);
  }

  /** Revokes many keys of a store. @param body as in the API @throws InvalidInput */
  async bulkRevoke(tx: Transaction, store: Store, body: object): Promise<BulkKeysResponse> {
    return this.bulk.revoke(tx, store.id, readInput(BulkRevokeInput, body, 'body'));
  }

  /** Rotates many keys of a store. @param body as in the API @throws InvalidInput */
  async bulkRotate(tx: Transaction, store: Store, body: object): Promise<BulkKeysResponse> {
    return this.bulk.rotate(tx, store.id, readInput(BulkRotateInput, body, 'body'), null);
  }

  /** Gives many keys of a store a later end. @param body as in the API @throws InvalidInput */
  async bulkExtend(tx: Transaction, store: Store, body: object): Promise<BulkKeysResponse> {
    return this.bulk.extend(tx, store.id, readInput(BulkExtendInput, body, 'body'), null);
  }
}
