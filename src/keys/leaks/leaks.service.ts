import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { type Actor, Database, type Transaction } from '../../platform/database/index.js';
import { Events } from '../../platform/events/index.js';
import { newUuid, toPublicId } from '../../platform/ids/index.js';
import { LOGGER, type Logger, scrub } from '../../platform/logging/index.js';
import { type KeyFacts, type KeyStanding } from '../resolved-key.js';
import { lookUpByDigest, lookUpBySecret, type SecretFacts } from '../key-lookup.js';
import { Key } from '../key.entity.js';
import { KeysService } from '../keys.service.js';
import { SealedHashes } from '../sealed-hashes.js';
import { isWellFormedToken } from '../token.js';
import { hashOf, TokenDigests } from '../token-digests.js';
import type { ExposedToken, LeakFeedback } from './dto.js';
import type { LeakAction } from './leak-report.entity.js';

const ACTOR: Actor = { type: 'system', id: 'leaks' };
const REASON = 'compromised';

const RECORD = `
INSERT INTO leak_reports (id, organization_id, store_id, key_id, key_name, secret_id, preview, token_type,
  url, url_digest, source, action, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, clock_timestamp())
ON CONFLICT ON CONSTRAINT leak_reports_place DO NOTHING
RETURNING id`;

/** Deals with tokens that were found where everybody can read them. */
@Injectable()
export class LeaksService {
  constructor(
    private readonly database: Database,
    private readonly digests: TokenDigests,
    private readonly sealedHashes: SealedHashes,
    private readonly keys: KeysService,
    private readonly events: Events,
    @Inject(CONFIG) private readonly config: Pick<Config, 'leakAction'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Revokes the key of every token that is one, or only records it, as configured; each place where a token was
   * found is recorded, and told as an event `key.exposed`, once. Every token has a transaction of its own.
   * @param requestId UUID of the request that reports them, if any
   * @returns what each of them is, in their order
   * @throws the first failure, after all others have been dealt with: the report can then be repeated
   */
  async report(found: readonly ExposedToken[], requestId?: string): Promise<LeakFeedback[]> {
    const known = await this.lookUp(found.map(({ token }) => token));
    const failures: unknown[] = [];
    for (const one of found) {
      const secret = known.get(one.token);
      if (!secret) continue;
      try {
        await this.database.write({ actor: ACTOR, requestId, reason: REASON }, (tx) =>
          this.expose(tx, secret, one),
        );
      } catch (error) {
        this.logger.error({ err: error, keyId: secret.keyId }, 'an exposed key could not be dealt with');
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return found.map(({ token, type }) => ({
      token_hash: hashOf(token).toString('hex'),
      token_type: type,
      label: known.has(token) ? 'true_positive' : 'false_positive',
    }));
  }

  /** What the database knows of a token, without making use of it; undefined where no secret matches. */
  async find(token: string): Promise<KeyFacts | undefined> {
    return (await this.lookUp([token])).get(token);
  }

  private async lookUp(tokens: readonly string[]): Promise<Map<string, SecretFacts>> {
    const tokenOf = new Map<string, string>();
    for (const token of new Set(tokens)) {
      if (!isWellFormedToken(token)) continue;
      for (const digest of this.digests.candidates(token)) tokenOf.set(digest, token);
    }
    if (tokenOf.size === 0) return new Map();
    const found = new Map<string, SecretFacts>();
    for (const facts of await lookUpByDigest(this.database.manager, [...tokenOf.keys()])) {
      const token = tokenOf.get(facts.digest);
      if (token === undefined) continue;
      found.set(token, facts);
      this.sealedHashes.seen(facts, token);
    }
    return found;
  }

  private async expose(
    tx: Transaction,
    { keyId, secretId }: SecretFacts,
    found: ExposedToken,
  ): Promise<void> {
    const key = await tx.findOne(Key, { where: { id: keyId }, lock: { mode: 'pessimistic_write' } });
    // under the lock: what it was when it was looked up may be over
    const facts = await lookUpBySecret(tx, secretId);
    if (!key || !facts) return;
    const action = this.actionOn(facts.standing);
    const place = { url: clean(found.url), source: clean(found.source) };
    const urlDigest = createHash('sha256')
      .update(place.url ?? '')
      .digest();
    const recorded = await tx.query<{ id: string }[]>(RECORD, [
      newUuid(),
      facts.organizationId,
      facts.storeId,
      keyId,
      facts.keyName,
      secretId,
      facts.preview,
      scrub(found.type),
      place.url,
      urlDigest,
      place.source,
      action,
    ]);
    if (action === 'revoked') await this.keys.revoke(tx, key, REASON);
    if (recorded.length === 0) {
      // Reported before, when it was only reported on; what is done now belongs to the same report.
      if (action === 'revoked') {
        await tx.query('UPDATE leak_reports SET action = $1 WHERE secret_id = $2 AND url_digest = $3', [
          action,
          secretId,
          urlDigest,
        ]);
      }
      return;
    }
    const publicId = toPublicId('key', keyId);
    await this.events.emit(tx, {
      type: 'key.exposed',
      organizationId: facts.organizationId,
      storeId: facts.storeId,
      subjectId: publicId,
      data: { keyId: publicId, name: facts.keyName, ...place, action },
    });
  }

  /** A suspended organization may come back: its keys are revoked like any. */
  private actionOn(standing: KeyStanding): LeakAction {
    if (standing === 'revoked' || standing === 'expired') return 'ended';
    return this.config.leakAction === 'revoke' ? 'revoked' : 'reported';
  }
}

/** The finder's words without tokens; null where there are none. */
function clean(text: string | null | undefined): string | null {
  return text ? scrub(text) : null;
}
