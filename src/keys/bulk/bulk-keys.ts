import { Injectable } from '@nestjs/common';
import { databaseClock, type Transaction } from '../../platform/database/index.js';
import { InvalidInput } from '../../platform/errors/index.js';
import type { Principal } from '../../platform/http/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { type KeyFilterInput, MOST_AT_ONCE } from '../dto/key.criteria.js';
import { expiryOf } from '../expiry.js';
import { fullOfSecrets } from '../key-conditions.js';
import { fitting } from '../key-filter.js';
import { KeyInput } from '../key-input.js';
import { KeyPresenter } from '../key-presenter.js';
import { Key } from '../key.entity.js';
import { KeyNotActive } from '../keys.errors.js';
import { endWithKey, KeysService } from '../keys.service.js';
import type { BulkExtendInput, BulkRevokeInput, BulkRotateInput } from './bulk.input.js';
import type { BulkKeyResponse, BulkKeysResponse } from './bulk.response.js';

/** What became of one key, or would. */
type Outcome = Pick<BulkKeyResponse, 'outcome' | 'reason' | 'token' | 'oldSecretEndsAt' | 'expiresAt'>;

interface Selection {
  readonly filter: KeyFilterInput;
  readonly dryRun: boolean;
}

/**
 * Many keys of one store at once, in the caller's transaction: the active ones that fit a filter, at most 200, oldest
 * first. A dry run goes the same way and changes nothing. The calling key is a key like the others.
 */
@Injectable()
export class BulkKeys {
  constructor(
    private readonly keys: KeysService,
    private readonly input: KeyInput,
    private readonly presenter: KeyPresenter,
  ) {}

  /** Needs no grants of one's own. @param storeId UUID @throws InvalidInput for a filter without a criterion */
  async revoke(tx: Transaction, storeId: string, body: BulkRevokeInput): Promise<BulkKeysResponse> {
    return this.each(tx, await this.select(tx, storeId, body), body, async (key) => {
      if (!body.dryRun) await this.keys.revoke(tx, key, body.reason ?? null);
      return { outcome: 'revoked' };
    });
  }

  /** @param principal null for whoever runs the installation @throws InvalidInput as above */
  async rotate(
    tx: Transaction,
    storeId: string,
    body: BulkRotateInput,
    principal: Principal | null,
  ): Promise<BulkKeysResponse> {
    const selected = await this.select(tx, storeId, body);
    const exceeding = await this.input.exceeding(tx, principal, selected.keys);
    const ids = selected.keys.map(({ id }) => id);
    const full = await fullOfSecrets(tx, ids, body.graceSeconds);
    const now = await databaseClock(tx);
    const planned = new Date(now.getTime() + body.graceSeconds * 1_000);
    return this.each(tx, selected, body, async (key) => {
      if (exceeding.has(key.id)) return { outcome: 'refused', reason: 'EXCEEDS_OWN_GRANTS' };
      if (full.has(key.id)) return { outcome: 'refused', reason: 'TOO_MANY_SECRETS' };
      if (body.dryRun) return { outcome: 'rotated', oldSecretEndsAt: endWithKey(planned, key).toISOString() };
      const { token, oldSecretEndsAt } = await this.keys.rotate(tx, key, body.graceSeconds);
      return { outcome: 'rotated', token, oldSecretEndsAt: oldSecretEndsAt.toISOString() };
    });
  }

  /**
   * Gives keys a later end. What ends later already, or never, is refused: nothing is cut short by it.
   * @param principal as above
   * @throws InvalidInput as above, and without a new end
   */
  async extend(
    tx: Transaction,
    storeId: string,
    body: BulkExtendInput,
    principal: Principal | null,
  ): Promise<BulkKeysResponse> {
    if (body.expiresIn === undefined && body.expiresAt === undefined) {
      throw new InvalidInput([{ field: 'expiresIn', reason: 'is required where there is no expiresAt' }]);
    }
    const end = expiryOf(body, await databaseClock(tx));
    const selected = await this.select(tx, storeId, body);
    const exceeding = await this.input.exceeding(tx, principal, selected.keys);
    return this.each(tx, selected, body, async (key) => {
      if (exceeding.has(key.id)) return { outcome: 'refused', reason: 'EXCEEDS_OWN_GRANTS' };
      if (isLater(key.expiresAt, end)) return { outcome: 'refused', reason: 'ENDS_LATER' };
      if (!body.dryRun) await this.keys.update(tx, key, { expiresAt: end });
      return { outcome: 'extended', expiresAt: end?.toISOString() ?? null };
    });
  }

  /** The keys that are meant, locked unless nothing is to change, and how many fit in all. */
  private async select(
    tx: Transaction,
    storeId: string,
    { filter, dryRun }: Selection,
  ): Promise<{ keys: Key[]; matched: number }> {
    if (Object.values(filter).every((criterion) => criterion === undefined)) {
      throw new InvalidInput([{ field: 'filter', reason: 'must have at least one criterion' }]);
    }
    const builder = tx.createQueryBuilder(Key, 'k').where('k.store_id = :storeId', { storeId });
    fitting(builder, { ...filter, status: 'active' });
    const counter = builder.clone();
    if (!dryRun) builder.setLock('pessimistic_write');
    // One more than is touched tells whether there are more.
    const found = await builder
      .orderBy('k.createdAt', 'ASC')
      .addOrderBy('k.id', 'ASC')
      .limit(MOST_AT_ONCE + 1)
      .getMany();
    const matched = found.length > MOST_AT_ONCE ? await counter.getCount() : found.length;
    return { keys: found.slice(0, MOST_AT_ONCE), matched };
  }

  private async each(
    tx: Transaction,
    { keys, matched }: { keys: Key[]; matched: number },
    { dryRun }: Selection,
    act: (key: Key) => Promise<Outcome>,
  ): Promise<BulkKeysResponse> {
    const views = await this.presenter.many(
      tx,
      keys.map(({ id }) => id),
    );
    const shown = new Map(views.map((view) => [view.id, view]));
    const results: BulkKeyResponse[] = [];
    for (const key of keys) {
      const view = shown.get(toPublicId('key', key.id));
      // deleted during a dry run, which locks nothing
      if (!view) continue;
      const { id, name, preview, lastUsedAt, usageToday } = view;
      const outcome = await act(key).catch(refusedBecauseEnded);
      results.push({ id, name, preview, ...outcome, lastUsedAt, requestsToday: usageToday.requests });
    }
    return { dryRun, matched, more: matched > keys.length, results };
  }
}

/** Keys end by the clock, also between their selection and their turn. Nothing was changed of such a one. */
function refusedBecauseEnded(error: unknown): Outcome {
  if (error instanceof KeyNotActive) return { outcome: 'refused', reason: 'NOT_ACTIVE' };
  throw error;
}

/** Whether an end lies behind another one; null is never. */
function isLater(end: Date | null, other: Date | null): boolean {
  if (end === null) return other !== null;
  return other !== null && end > other;
}
