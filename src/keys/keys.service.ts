import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config/index.js';
import type { Actor, Transaction } from '../platform/database/index.js';
import { newUuid } from '../platform/ids/index.js';
import { PlansService } from '../plans/index.js';
import type { Grants } from '../roles/index.js';
import type { Store } from '../tenants/index.js';
import { KEY_STATUS_SQL } from './key-presenter.js';
import { KeySecret } from './key-secret.entity.js';
import { Key } from './key.entity.js';
import { KeyLimitReached, KeyNotActive } from './keys.errors.js';
import { TokenDigests } from './token-digests.js';
import { newToken, previewOf } from './token.js';

export interface NewKey {
  readonly name: string;
  readonly roleId: string;
  readonly permissions: Grants | null;
  readonly expiresAt: Date | null;
  readonly ipAllowlist: string[] | null;
  readonly metadata: Record<string, unknown>;
}

export type KeyChanges = Partial<NewKey>;

/** The life of a key: made, changed, rotated, revoked, deleted. Every step runs in the caller's transaction. */
@Injectable()
export class KeysService {
  constructor(
    private readonly plans: PlansService,
    private readonly digests: TokenDigests,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * A new key of a store, with its first secret. The token is in the answer and nowhere else.
   * @throws KeyLimitReached
   */
  async create(
    tx: Transaction,
    store: Store,
    input: NewKey,
    actor: Actor,
  ): Promise<{ id: string; token: string }> {
    await this.assertBelowLimit(tx, store);
    const id = newUuid();
    const environment = store.kind === 'sandbox' ? 'test' : 'live';
    await tx.insert(Key, {
      id,
      organizationId: store.organizationId,
      storeId: store.id,
      environment,
      name: input.name,
      roleId: input.roleId,
      permissions: input.permissions,
      expiresAt: input.expiresAt,
      ipAllowlist: input.ipAllowlist,
      metadata: input.metadata as Record<string, object>,
      createdByType: actor.type,
      createdById: actor.id,
    });
    return { id, token: await this.addSecret(tx, { id, storeId: store.id, environment }) };
  }

  /** Changes a key without a new secret. @throws KeyNotActive where its end is changed and it is not active */
  async update(tx: Transaction, key: Key, changes: KeyChanges): Promise<void> {
    if (changes.expiresAt !== undefined) await this.assertActive(tx, key);
    await tx.update(
      Key,
      { id: key.id },
      { ...changes, metadata: changes.metadata as Record<string, object>, updatedAt: () => 'now()' },
    );
  }

  /**
   * Gives a key a new secret; the one before ends after the grace period, older ones stay as they were.
   * @returns the new token, and when the old secret ends
   * @throws KeyNotActive
   */
  async rotate(
    tx: Transaction,
    key: Key,
    graceSeconds: number,
  ): Promise<{ token: string; oldSecretEndsAt: Date }> {
    await this.assertActive(tx, key);
    const [row] = await tx.query<{ endsAt: Date }[]>(
      `SELECT gate_clock() + make_interval(secs => $1) AS "endsAt"`,
      [graceSeconds],
    );
    const oldSecretEndsAt = row?.endsAt ?? new Date();
    await tx.query('UPDATE key_secrets SET not_after = least(not_after, $2::timestamptz) WHERE key_id = $1', [
      key.id,
      oldSecretEndsAt,
    ]);
    return { token: await this.addSecret(tx, key), oldSecretEndsAt };
  }

  /** Ends a key for good. A revoked key stays as it was revoked. */
  async revoke(tx: Transaction, key: Key, reason: string | null): Promise<void> {
    if (key.revokedAt) return;
    await tx.update(
      Key,
      { id: key.id },
      { revokedAt: () => 'gate_clock()', revokedReason: reason, updatedAt: () => 'now()' },
    );
  }

  /** Removes the record; whatever the logs say of it stays. */
  async delete(tx: Transaction, key: Key): Promise<void> {
    await tx.delete(Key, { id: key.id });
  }

  private async addSecret(
    tx: Transaction,
    key: Pick<Key, 'id' | 'storeId' | 'environment'>,
  ): Promise<string> {
    const token = newToken(this.config.tokenBrand, key.environment);
    const id = newUuid();
    await tx.insert(KeySecret, {
      id,
      keyId: key.id,
      storeId: key.storeId,
      ...this.digests.stored(id, token),
      preview: previewOf(token),
      createdAt: () => 'clock_timestamp()',
    });
    return token;
  }

  /** Counts under a lock on the store, so that two creations at once cannot both be the last. */
  private async assertBelowLimit(tx: Transaction, store: Store): Promise<void> {
    const { activeKeysPerStore } = await this.plans.limitsOf(tx, store.organizationId);
    await tx.query('SELECT 1 FROM stores WHERE id = $1 FOR NO KEY UPDATE', [store.id]);
    const [row] = await tx.query<{ active: number }[]>(
      `SELECT count(*)::integer AS active FROM keys k WHERE k.store_id = $1 AND ${KEY_STATUS_SQL} = 'active'`,
      [store.id],
    );
    if ((row?.active ?? 0) >= activeKeysPerStore) throw new KeyLimitReached(activeKeysPerStore);
  }

  private async assertActive(tx: Transaction, key: Key): Promise<void> {
    const [row] = await tx.query<{ status: 'active' | 'revoked' | 'expired' }[]>(
      `SELECT ${KEY_STATUS_SQL} AS status FROM keys k WHERE k.id = $1`,
      [key.id],
    );
    if (row && row.status !== 'active') throw new KeyNotActive(row.status);
  }
}
