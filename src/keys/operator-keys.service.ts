import { Injectable } from '@nestjs/common';
import { type Actor, Database, databaseClock, type Transaction } from '../platform/database/index.js';
import { readInput } from '../platform/http/input/index.js';
import { Lists, type Page } from '../platform/http/lists/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import type { Store } from '../tenants/index.js';
import { CreateKeyInput, RevokeKeyInput, RotateKeyInput } from './dto/key.input.js';
import { ListKeysQuery } from './dto/key.query.js';
import type { KeyResponse, KeyWithTokenResponse, RotatedKeyResponse } from './dto/key.response.js';
import { expiryOf } from './expiry.js';
import { KeyInput } from './key-input.js';
import { KEY_STATUS_SQL, KeyPresenter } from './key-presenter.js';
import { Key } from './key.entity.js';
import { KeysService } from './keys.service.js';

/**
 * Keys as whoever runs the installation manages them, at the command line: every rule of the API, read from the
 * same input classes, but no principal, so that every store is within reach and nothing exceeds own grants.
 */
@Injectable()
export class OperatorKeysService {
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
    private readonly keys: KeysService,
    private readonly input: KeyInput,
    private readonly presenter: KeyPresenter,
  ) {}

  /** The key with that public id, locked until the transaction ends; undefined where there is none. */
  async find(tx: Transaction, publicId: string): Promise<Key | undefined> {
    const id = fromPublicId('key', publicId);
    if (id === undefined) return undefined;
    const key = await tx.findOne(Key, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return key ?? undefined;
  }

  /**
   * A page of the keys of a store, or of all stores.
   * @param query as in the query string of the API's list
   * @throws InvalidInput
   */
  async list(query: Readonly<Record<string, string>>, store?: Store): Promise<Page<KeyResponse>> {
    const input = readInput(ListKeysQuery, query, 'query');
    const builder = this.database.manager.createQueryBuilder(Key, 'k');
    if (store) builder.andWhere('k.store_id = :storeId', { storeId: store.id });
    if (input.status) builder.andWhere(`${KEY_STATUS_SQL} = :status`, { status: input.status });
    const name = `keys/${store?.id ?? 'all'}`;
    const page = await this.lists.page(input, { name, builder, present: (key) => key.id });
    return { ...page, data: await this.presenter.many(this.database.manager, page.data) };
  }

  /**
   * A new key of a store, with the token that no later answer holds.
   * @param body as in the API
   * @throws InvalidInput, KeyLimitReached
   */
  async create(tx: Transaction, store: Store, body: object, actor: Actor): Promise<KeyWithTokenResponse> {
    const input = readInput(CreateKeyInput, body, 'body');
    this.input.assertValid(input);
    const role = await this.input.roleFor(tx, store.organizationId, input);
    const { id, token } = await this.keys.create(
      tx,
      store,
      {
        name: input.name,
        roleId: role.id,
        permissions: input.permissions ?? null,
        expiresAt: expiryOf(input, await databaseClock(tx)),
        ipAllowlist: input.ipAllowlist ?? null,
        metadata: input.metadata ?? {},
      },
      actor,
    );
    return { ...(await this.presenter.one(tx, id)), token };
  }

  /** A new secret for a key. @param body as in the API @throws InvalidInput, KeyNotActive */
  async rotate(tx: Transaction, key: Key, body: object): Promise<RotatedKeyResponse> {
    const { graceSeconds } = readInput(RotateKeyInput, body, 'body');
    const { token, oldSecretEndsAt } = await this.keys.rotate(tx, key, graceSeconds);
    return {
      ...(await this.presenter.one(tx, key.id)),
      token,
      oldSecretEndsAt: oldSecretEndsAt.toISOString(),
    };
  }

  /** Ends a key for good; one revoked before stays as it was. @param body as in the API @throws InvalidInput */
  async revoke(tx: Transaction, key: Key, body: object): Promise<KeyResponse> {
    const { reason } = readInput(RevokeKeyInput, body, 'body');
    await this.keys.revoke(tx, key, reason ?? null);
    return this.presenter.one(tx, key.id);
  }

  /** Removes a key's record. */
  async delete(tx: Transaction, key: Key): Promise<void> {
    await this.keys.delete(tx, key);
  }
}
