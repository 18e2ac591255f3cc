import { Injectable } from '@nestjs/common';
import { type Actor, Database, databaseClock, type Transaction } from '../platform/database/index.js';
import type { Principal } from '../platform/http/index.js';
import { Lists, type Page } from '../platform/http/lists/index.js';
import { Role } from '../roles/index.js';
import type { Store } from '../tenants/index.js';
import type { CreateKeyInput, RevokeKeyInput, RotateKeyInput, UpdateKeyInput } from './dto/key.input.js';
import type { ListKeysQuery } from './dto/key.query.js';
import type { KeyResponse, KeyWithTokenResponse, RotatedKeyResponse } from './dto/key.response.js';
import { changedExpiryOf, expiryOf } from './expiry.js';
import { fitting } from './key-filter.js';
import { KeyInput } from './key-input.js';
import { KeyPresenter } from './key-presenter.js';
import { Key } from './key.entity.js';
import { KeysService } from './keys.service.js';

/** Who manages keys. */
export interface KeyManager {
  readonly actor: Actor;
  /** Bound to its own grants; null for whoever runs the installation. */
  readonly principal: Principal | null;
}

/** What the API and the command line do with keys, the same for both: read, checked, done, shown. */
@Injectable()
export class KeyOperations {
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
    private readonly keys: KeysService,
    private readonly input: KeyInput,
    private readonly presenter: KeyPresenter,
  ) {}

  /** A page of the keys of a store (its UUID), or of all stores. @throws InvalidInput for a cursor of another list */
  async list(query: ListKeysQuery, storeId?: string): Promise<Page<KeyResponse>> {
    const builder = this.database.manager.createQueryBuilder(Key, 'k').where('true');
    if (storeId !== undefined) builder.andWhere('k.store_id = :storeId', { storeId });
    const page = await this.lists.page(query, {
      name: `keys/${storeId ?? 'all'}`,
      builder: fitting(builder, query),
      present: (key) => key.id,
    });
    return { ...page, data: await this.presenter.many(this.database.manager, page.data) };
  }

  /** A new key, with the token that no later answer holds. @throws InvalidInput, KeyLimitReached, ExceedsOwnGrants */
  async create(
    tx: Transaction,
    store: Store,
    body: CreateKeyInput,
    { actor, principal }: KeyManager,
  ): Promise<KeyWithTokenResponse> {
    this.input.assertValid(body);
    const role = await this.input.roleFor(tx, store.organizationId, body);
    const permissions = body.permissions ?? null;
    this.input.assertMayGive(principal, role.grants, permissions);
    if (body.ownerId) await this.input.assertOwner(tx, store.organizationId, body.ownerId);
    const creator = principal?.kind === 'member' ? principal.id : null;
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
        limits: body.limits,
        ownerId: body.ownerId === undefined ? creator : body.ownerId,
      },
      actor,
    );
    return { ...(await this.presenter.one(tx, id)), token };
  }

  /** Changes what is named. @param key locked @throws InvalidInput, KeyNotActive, ExceedsOwnGrants */
  async update(
    tx: Transaction,
    key: Key,
    { expiresIn, expiresAt, limits, ...body }: UpdateKeyInput,
    { principal }: Pick<KeyManager, 'principal'>,
  ): Promise<KeyResponse> {
    this.input.assertValid(body);
    const before = await this.assertHeld(tx, key, principal);
    const role =
      body.roleId === undefined ? before : await this.input.role(tx, key.organizationId, body.roleId);
    const permissions = body.permissions === undefined ? key.permissions : body.permissions;
    this.input.assertMayGive(principal, role.grants, permissions);
    // An owner who has left may stay as it is: only another one is asked for.
    if (body.ownerId && body.ownerId !== key.ownerId) {
      await this.input.assertOwner(tx, key.organizationId, body.ownerId);
    }
    const end = changedExpiryOf({ expiresIn, expiresAt }, await databaseClock(tx));
    const own = { hourLimit: limits?.hour, dayLimit: limits?.day };
    await this.keys.update(tx, key, { ...body, ...own, roleId: role.id, expiresAt: end });
    return this.presenter.one(tx, key.id);
  }

  /** A new secret for a key. @param key locked @throws KeyNotActive, ExceedsOwnGrants */
  async rotate(
    tx: Transaction,
    key: Key,
    { graceSeconds }: RotateKeyInput,
    { principal }: Pick<KeyManager, 'principal'>,
  ): Promise<RotatedKeyResponse> {
    await this.assertHeld(tx, key, principal);
    const { token, oldSecretEndsAt } = await this.keys.rotate(tx, key, graceSeconds);
    return {
      ...(await this.presenter.one(tx, key.id)),
      token,
      oldSecretEndsAt: oldSecretEndsAt.toISOString(),
    };
  }

  /** Ends a key for good; one revoked before stays as it was. Needs no grants of one's own. @param key locked */
  async revoke(tx: Transaction, key: Key, { reason }: RevokeKeyInput): Promise<KeyResponse> {
    await this.keys.revoke(tx, key, reason ?? null);
    return this.presenter.one(tx, key.id);
  }

  /** Whoever changes a key must hold what it has. @returns its role @throws ExceedsOwnGrants */
  private async assertHeld(tx: Transaction, key: Key, principal: Principal | null): Promise<Role> {
    const role = await tx.findOneByOrFail(Role, { id: key.roleId });
    this.input.assertMayGive(principal, role.grants, key.permissions);
    return role;
  }
}
