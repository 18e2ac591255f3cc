import { Inject, Injectable } from '@nestjs/common';
import { MasterSecrets } from '../platform/crypto/index.js';
import { LOGGER, type Logger } from '../platform/logging/index.js';
import { Metrics } from '../platform/metrics/index.js';
import type { SecretFacts } from './key-lookup.js';

const LOG_INTERVAL_MS = 60_000;

/**
 * Marks the use of digests made under the previous master secret. Counted where the database is asked: a key that
 * is cached has been counted when it came in.
 */
@Injectable()
export class PreviousSecretHits {
  private readonly counter;
  private sinceLogged = 0;
  private loggedAt = -Infinity;

  constructor(
    private readonly secrets: MasterSecrets,
    metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.counter = metrics.counter(
      'gatehouse_previous_secret_hits_total',
      'Keys that were looked up and found under the previous master secret.',
    );
  }

  /** Counts a key that was found, if it is under the previous one; says so in the log, at most once a minute. */
  seen({ masterId, keyId }: SecretFacts): void {
    if (masterId === this.secrets.currentId) return;
    this.counter.inc();
    this.sinceLogged += 1;
    const now = performance.now();
    if (now - this.loggedAt < LOG_INTERVAL_MS) return;
    this.logger.info(
      { hits: this.sinceLogged, keyId },
      'keys under the previous master secret are in use: "gatehouse secrets rehash" brings them under the current one',
    );
    this.loggedAt = now;
    this.sinceLogged = 0;
  }
}
