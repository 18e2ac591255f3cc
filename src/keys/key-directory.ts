import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Database, MicroBatcher } from '../platform/database/index.js';
import { DatabaseUnavailable } from '../platform/errors/index.js';
import { ResourceRegistry } from '../roles/index.js';
import { lookUpByDigest, type SecretFacts } from './key-lookup.js';
import { PreviousSecretHits } from './previous-secret-hits.js';
import { resolveKey, type ResolvedKey } from './resolved-key.js';
import { SealedHashes } from './sealed-hashes.js';
import { TokenDigests } from './token-digests.js';

/** Bounds the memory; a key of some kilobytes, whatever the number of keys in the database. */
const CACHED_KEYS = 10_000;

interface FoundKey {
  readonly facts: SecretFacts;
  readonly key: ResolvedKey;
}

interface PendingLookup {
  /** Those it may be stored under. */
  readonly digests: readonly string[];
  resolve(found: FoundKey | undefined): void;
  reject(error: unknown): void;
}

/**
 * Digest -> key. What is cached is only ever a guess: admission compares its version stamp with the database
 * before anything is let in. Unknown digests and keys that may not authenticate are never cached.
 */
@Injectable()
export class KeyDirectory {
  private readonly cache = new LRUCache<string, ResolvedKey>({ max: CACHED_KEYS });
  private readonly lookups: MicroBatcher<PendingLookup>;

  constructor(
    private readonly database: Database,
    private readonly registry: ResourceRegistry,
    private readonly digests: TokenDigests,
    private readonly sealedHashes: SealedHashes,
    private readonly previousHits: PreviousSecretHits,
  ) {
    this.lookups = new MicroBatcher({ run: (batch) => this.run(batch), maxBatch: 500, maxWaiting: 10_000 });
  }

  /** The cached key of a token, if any. Synchronous: the way of almost every request. */
  cached(token: string): ResolvedKey | undefined {
    return this.cache.get(slotOf(token));
  }

  /**
   * The key of a token as the database knows it now, or undefined where no secret matches. All digests that the
   * token may be stored under are asked for at once, so that one that is being renewed is found in either form.
   * @throws DatabaseUnavailable
   */
  async resolve(token: string): Promise<ResolvedKey | undefined> {
    const slot = slotOf(token);
    const found = await this.lookUp(this.digests.candidates(token));
    if (!found) {
      this.cache.delete(slot);
      return undefined;
    }
    const { facts, key } = found;
    this.previousHits.seen(facts);
    this.sealedHashes.seen(facts, token);
    if (facts.standing === 'active') this.cache.set(slot, key);
    else this.cache.delete(slot);
    return key;
  }

  private lookUp(digests: readonly string[]): Promise<FoundKey | undefined> {
    return new Promise((resolve, reject) => {
      if (!this.lookups.add({ digests, resolve, reject })) {
        reject(new DatabaseUnavailable('too many unknown keys are waiting'));
      }
    });
  }

  private async run(batch: PendingLookup[]): Promise<void> {
    try {
      const digests = [...new Set(batch.flatMap((lookup) => lookup.digests))];
      const found = await lookUpByDigest(this.database.manager, digests);
      const byDigest = new Map(
        found.map((facts) => [facts.digest, { facts, key: resolveKey(facts, this.registry) }]),
      );
      for (const lookup of batch) {
        const digest = lookup.digests.find((one) => byDigest.has(one));
        lookup.resolve(digest === undefined ? undefined : byDigest.get(digest));
      }
    } catch (error) {
      const unavailable = new DatabaseUnavailable(error);
      for (const lookup of batch) lookup.reject(unavailable);
    }
  }
}

/**
 * Where a token's key is cached: SHA-256 of 256 random bits, which leads back to nothing. The keyed digest, which
 * costs several times as much, is made where the database is asked.
 */
function slotOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
