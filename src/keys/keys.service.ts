import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config/index.js';
import type { Actor, Transaction } from '../platform/database/index.js';
import { newUuid, toPublicId } from '../platform/ids/index.js';
import { PlansService } from '../plans/index.js';
import type { Grants } from '../roles/index.js';
import type { Store } from '../tenants/index.js';
import type { KeyLimits } from './dto/key.limits.js';
import { type KeyChanges, realChanges, toldChanges } from './key-changes.js';
import { type EventKey, KeyEvents } from './key-events.js';
import { assertActive, assertBelowLimit, assertRoomForSecret } from './key-conditions.js';
import { KeySecret } from './key-secret.entity.js';
import { Key } from './key.entity.js';
import { TokenDigests } from './token-digests.js';
import { newToken, previewOf } from './token.js';

export interface NewKey {
  readonly name: string;
  readonly roleId: string;
  readonly permissions: Grants | null;
  readonly expiresAt: Date | null;
  readonly ipAllowlist: string[] | null;
  readonly metadata: Record<string, unknown>;
  /** UUID of a member of the organization; null or absent is nobody. */
  readonly ownerId?: string | null;
  /** What is absent is none. */
  readonly limits?: Partial<KeyLimits>;
}

/**
 * The life of a key: made, changed, rotated, revoked, deleted. Every step runs in the caller's transaction, and its
 * event is written there too.
 */
@Injectable()
export class KeysService {
  constructor(
    private readonly plans: PlansService,
    private readonly digests: TokenDigests,
    private readonly events: KeyEvents,
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
    const { activeKeysPerStore } = await this.plans.limitsOf(tx, store.organizationId);
    await assertBelowLimit(tx, store.id, activeKeysPerStore);
    const id = newUuid();
    const key: EventKey = {
      id,
      organizationId: store.organizationId,
      storeId: store.id,
      environment: store.kind === 'sandbox' ? 'test' : 'live',
      name: input.name,
    };
    await tx.insert(Key, {
      ...key,
      roleId: input.roleId,
      permissions: input.permissions,
      expiresAt: input.expiresAt,
      expirySetAt: input.expiresAt === null ? null : () => 'gate_clock()',
      ipAllowlist: input.ipAllowlist,
      metadata: input.metadata as Record<string, object>,
      createdByType: actor.type,
      createdById: actor.id,
      ownerId: input.ownerId ?? null,
      hourLimit: input.limits?.hour ?? null,
      dayLimit: input.limits?.day ?? null,
    });
    const token = await this.addSecret(tx, key);
    await this.events.emit(tx, 'key.created', key, {
      roleId: toPublicId('role', input.roleId),
      expiresAt: input.expiresAt,
    });
    return { id, token };
  }

  /**
   * Changes a key without a new secret. What changes nothing is no change: no event tells of it.
   * @throws KeyNotActive where its end is named and it is not active
   */
  async update(tx: Transaction, key: Key, changes: KeyChanges): Promise<void> {
    if (changes.expiresAt !== undefined) await assertActive(tx, key.id);
    const real = realChanges(key, changes);
    if (Object.keys(real).length === 0) return;
    await tx.update(
      Key,
      { id: key.id },
      {
        ...real,
        metadata: real.metadata as Record<string, object>,
        ...('expiresAt' in real ? { expirySetAt: () => 'gate_clock()' } : {}),
        updatedAt: () => 'now()',
      },
    );
    await this.events.emit(
      tx,
      'key.updated',
      { ...key, name: real.name ?? key.name },
      {
        changes: toldChanges(key, real),
      },
    );
  }

  /**
   * Gives a key a new secret; those before it end after the grace period, or before where they already did.
   * @returns the new token, and when the old secret ends
   * @throws KeyNotActive, TooManySecrets
   */
  async rotate(
    tx: Transaction,
    key: Key,
    graceSeconds: number,
  ): Promise<{ token: string; oldSecretEndsAt: Date }> {
    await assertActive(tx, key.id);
    await assertRoomForSecret(tx, key.id, graceSeconds);
    const [row] = await tx.query<{ endsAt: Date }[]>(
      `SELECT gate_clock() + make_interval(secs => $1) AS "endsAt"`,
      [graceSeconds],
    );
    const oldSecretEndsAt = row?.endsAt ?? new Date();
    await tx.query('UPDATE key_secrets SET not_after = least(not_after, $2::timestamptz) WHERE key_id = $1', [
      key.id,
      oldSecretEndsAt,
    ]);
    const token = await this.addSecret(tx, key);
    const told = { oldSecretEndsAt: endWithKey(oldSecretEndsAt, key) };
    await this.events.emit(tx, 'key.rotated', key, told);
    return { token, ...told };
  }

  /** Ends a key for good. A revoked key stays as it was revoked. */
  async revoke(tx: Transaction, key: Key, reason: string | null): Promise<void> {
    if (key.revokedAt) return;
    await tx.update(
      Key,
      { id: key.id },
      { revokedAt: () => 'gate_clock()', revokedReason: reason, updatedAt: () => 'now()' },
    );
    await this.events.emit(tx, 'key.revoked', key, { reason });
  }

  /** Removes the record; whatever the logs say of it stays. */
  async delete(tx: Transaction, key: Key): Promise<void> {
    await this.events.emit(tx, 'key.deleted', key);
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
}

/** When a secret stops working: at its own end, or its key's where that comes first. */
export function endWithKey(end: Date, { expiresAt }: Pick<Key, 'expiresAt'>): Date {
  return expiresAt !== null && expiresAt < end ? expiresAt : end;
}
