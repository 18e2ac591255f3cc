import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { MasterSecrets } from '../platform/crypto/index.js';
import { type Actor, Database, MicroBatcher } from '../platform/database/index.js';
import { LOGGER, type Logger } from '../platform/logging/index.js';
import type { SecretFacts } from './key-lookup.js';
import { boxMasterId } from './sealed-hash-sql.js';
import { hashOf, TokenDigests } from './token-digests.js';

const ACTOR: Actor = { type: 'system', id: 'rehash' };

interface Filling {
  readonly secretId: string;
  readonly sealedHash: Buffer;
}

// The key before its secret, as everybody locks them. Whoever is at the key now makes it stale, so that it is
// looked up, and comes here, again.
const FILL = `
WITH given AS (
  SELECT * FROM unnest($1::uuid[], $2::bytea[]) AS g (id, sealed_hash)
), lacking AS (
  SELECT s.id, given.sealed_hash
  FROM given JOIN key_secrets s ON s.id = given.id JOIN keys k ON k.id = s.key_id
  WHERE coalesce(${boxMasterId('s.sealed_hash')} <> ALL ($3::text[]), true)
  FOR NO KEY UPDATE OF k, s SKIP LOCKED
)
UPDATE key_secrets s SET sealed_hash = lacking.sealed_hash FROM lacking WHERE s.id = lacking.id`;

/**
 * Gives secrets of before their sealed hash when their token is seen: nobody else knows it. The digest stays as it
 * is, so that a process of an earlier version still finds it.
 */
@Injectable()
export class SealedHashes implements OnApplicationShutdown {
  private readonly underway = new Set<string>();
  private readonly fillings: MicroBatcher<Filling>;

  constructor(
    private readonly database: Database,
    private readonly secrets: MasterSecrets,
    private readonly digests: TokenDigests,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.fillings = new MicroBatcher({ run: (batch) => this.run(batch), maxBatch: 100, maxWaiting: 1_000 });
  }

  /** Fills it where it is lacking, later and off the request's path; what fails is logged, and tried at the next use. */
  seen({ secretId, sealedUnder }: SecretFacts, token: string): void {
    if (sealedUnder !== null && this.secrets.ids.includes(sealedUnder)) return;
    if (this.underway.has(secretId)) return;
    const sealedHash = this.digests.seal(secretId, hashOf(token));
    if (this.fillings.add({ secretId, sealedHash })) this.underway.add(secretId);
  }

  /** Resolves when nothing is being filled. */
  idle(): Promise<void> {
    return this.fillings.idle();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.idle();
  }

  private async run(batch: readonly Filling[]): Promise<void> {
    const parameters = [
      batch.map(({ secretId }) => secretId),
      batch.map(({ sealedHash }) => sealedHash),
      this.secrets.ids,
    ];
    try {
      const reason = 'first use since hashes are sealed';
      await this.database.write({ actor: ACTOR, reason }, (tx) => tx.query(FILL, parameters));
    } catch (error) {
      this.logger.warn({ err: error, secrets: batch.length }, 'hashes of key secrets could not be sealed');
    } finally {
      for (const { secretId } of batch) this.underway.delete(secretId);
    }
  }
}
