import { Injectable } from '@nestjs/common';
import { MasterSecrets } from '../../platform/crypto/index.js';
import { type Actor, Database, type Transaction } from '../../platform/database/index.js';
import { Events } from '../../platform/events/index.js';
import type { RequestContext } from '../../platform/http/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { normalizeEmail } from '../email.js';
import { SignInLocked } from '../members.errors.js';

const ACTOR: Actor = { type: 'system', id: 'sign-in' };

const MOST_FAILURES = 10;
const WITHIN_SECONDS = 15 * 60;
const LOCKED_SECONDS = 15 * 60;

/** Whose address it is, where it is somebody's. UUIDs. */
export interface AddressOwner {
  readonly memberId: string;
  readonly organizationId: string;
}

// One statement, so that failures at the same moment are counted one after the other. While an address is locked
// nothing is counted: the lock ends when it was said to.
const RECORD_FAILURE = `
INSERT INTO sign_in_failures AS f (digest, failed_at, last_failed_at)
SELECT $1::bytea, ARRAY[clock.at], clock.at
FROM (SELECT date_trunc('milliseconds', gate_clock()) AS at) AS clock
ON CONFLICT (digest) DO UPDATE SET
  last_failed_at = EXCLUDED.last_failed_at,
  failed_at = ARRAY(
    SELECT at FROM unnest(f.failed_at) AS at WHERE at > EXCLUDED.last_failed_at - make_interval(secs => $2)
  ) || EXCLUDED.failed_at,
  locked_until = CASE WHEN $3 <= 1 + (
    SELECT count(*) FROM unnest(f.failed_at) AS at WHERE at > EXCLUDED.last_failed_at - make_interval(secs => $2)
  ) THEN EXCLUDED.last_failed_at + make_interval(secs => $4) END
WHERE f.locked_until IS NULL OR f.locked_until <= EXCLUDED.last_failed_at
RETURNING f.locked_until AS "lockedUntil"`;

const LOCKED_SECONDS_LEFT = `
SELECT ceil(extract(epoch FROM max(locked_until) - gate_clock()))::integer AS seconds
FROM sign_in_failures WHERE digest = ANY ($1::bytea[]) AND locked_until > gate_clock()`;

const SWEEP_FAILURES = `
WITH old AS (
  SELECT digest FROM sign_in_failures
  WHERE last_failed_at < gate_clock() - make_interval(secs => $1)
    AND (locked_until IS NULL OR locked_until < gate_clock())
  LIMIT 2000 FOR UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM sign_in_failures f USING old WHERE f.digest = old.digest RETURNING 1
)
SELECT count(*)::integer AS deleted FROM gone`;

/**
 * Ten failures within a quarter of an hour lock an e-mail address for a quarter of an hour, on every process and
 * by the database's clock. Addresses that nobody has are counted alike, so that the lock tells nothing.
 */
@Injectable()
export class LockOut {
  constructor(
    private readonly database: Database,
    private readonly secrets: MasterSecrets,
    private readonly events: Events,
  ) {}

  /**
   * To be asked before a secret is looked at, and again before the outcome is told: whoever guessed meanwhile may
   * have locked the address.
   * @throws SignInLocked
   */
  async assertOpen(email: string, manager: Transaction = this.database.manager): Promise<void> {
    const [row] = await manager.query<{ seconds: number | null }[]>(LOCKED_SECONDS_LEFT, [
      this.digestsOf(email),
    ]);
    if (row?.seconds != null) throw new SignInLocked(row.seconds);
  }

  /** Counts one wrong password or code; the tenth locks the address, which is an event of whoever has it. */
  async recordFailure(context: RequestContext, email: string, owner?: AddressOwner): Promise<void> {
    await this.database.write({ actor: ACTOR, requestId: context.uuid }, async (tx) => {
      const [row] = await tx.query<{ lockedUntil: Date | null }[]>(RECORD_FAILURE, [
        this.secrets.digest('session-digest', addressText(email)),
        WITHIN_SECONDS,
        MOST_FAILURES,
        LOCKED_SECONDS,
      ]);
      if (!row?.lockedUntil || !owner) return;
      await this.events.emit(tx, {
        type: 'member.locked_out',
        organizationId: owner.organizationId,
        storeId: null,
        subjectId: toPublicId('member', owner.memberId),
        data: { until: row.lockedUntil.toISOString() },
      });
    });
  }

  /** Forgets the failures, and lifts the lock. */
  async clear(email: string, manager: Transaction = this.database.manager): Promise<void> {
    await manager.query('DELETE FROM sign_in_failures WHERE digest = ANY ($1::bytea[])', [
      this.digestsOf(email),
    ]);
  }

  /** Deletes some of what counts no more, and answers how many. */
  async deleteOld(): Promise<number> {
    const [row] = await this.database.query<{ deleted: number }>(SWEEP_FAILURES, [WITHIN_SECONDS]);
    return row?.deleted ?? 0;
  }

  private digestsOf(email: string): Buffer[] {
    return this.secrets.digests('session-digest', addressText(email));
  }
}

/** The key of sessions serves these digests too; the prefix keeps them apart. */
const addressText = (email: string) => `address/${normalizeEmail(email)}`;
