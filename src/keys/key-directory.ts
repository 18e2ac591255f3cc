import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { MasterSecrets } from '../platform/crypto/index.js';
import { Database, MicroBatcher } from '../platform/database/index.js';
import { DatabaseUnavailable } from '../platform/errors/index.js';
import { ResourceRegistry } from '../roles/index.js';
import { lookUpByDigest } from './key-lookup.js';
import { resolveKey, type ResolvedKey } from './resolved-key.js';

/** Bounds the memory; a key of some kilobytes, whatever the number of keys in the database. */
const CACHED_KEYS = 10_000;

interface PendingLookup {
  readonly digest: string;
  resolve(key: ResolvedKey | undefined): void;
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
    private readonly secrets: MasterSecrets,
  ) {
    this.lookups = new MicroBatcher({ run: (batch) => this.run(batch), maxBatch: 500, maxWaiting: 10_000 });
  }

  /** The cached key of a token, if any. Synchronous: the way of almost every request. */
  cached(token: string): ResolvedKey | undefined {
    return this.cache.get(slotOf(token));
  }

  /**
   * The key of a token as the database knows it now, or undefined where no secret matches. Tries the current
   * master secret's digest and, while one is configured, the previous one's.
   * @throws DatabaseUnavailable
   */
  async resolve(token: string): Promise<ResolvedKey | undefined> {
    const slot = slotOf(token);
    for (const digest of this.secrets.digests('token-digest', token)) {
      const key = await this.lookUp(digest.toString('hex'));
      if (key) {
        if (key.facts.standing === 'active') this.cache.set(slot, key);
        else this.cache.delete(slot);
        return key;
      }
    }
    this.cache.delete(slot);
    return undefined;
  }

  private lookUp(digest: string): Promise<ResolvedKey | undefined> {
    return new Promise((resolve, reject) => {
      if (!this.lookups.add({ digest, resolve, reject })) {
        reject(new DatabaseUnavailable('too many unknown keys are waiting'));
      }
    });
  }

  private async run(batch: PendingLookup[]): Promise<void> {
    try {
      const digests = [...new Set(batch.map((lookup) => lookup.digest))];
      const found = await lookUpByDigest(this.database.manager, digests);
      const byDigest = new Map(found.map((facts) => [facts.digest, resolveKey(facts, this.registry)]));
      for (const lookup of batch) lookup.resolve(byDigest.get(lookup.digest));
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
