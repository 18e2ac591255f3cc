import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, Database } from '../../platform/database/index.js';
import { defineJob, Jobs } from '../../platform/jobs/index.js';
import { type EventKey, KeyEvents } from '../key-events.js';

const ACTOR: Actor = { type: 'system', id: 'key-notices' };

/** Keys told of in one transaction. */
const BATCH = 200;

interface Notice extends EventKey {
  readonly expiresAt: Date;
  /** 30, 7 or 1; 0 is the end itself. */
  readonly days: number;
}

/**
 * Tells, by events, of keys that end within 30, 7 and 1 days, and of those that have ended. Each notice goes out once
 * for each end that a key is given, however many processes look; a notice whose time had passed when the end was
 * set goes out never, and after a pause only the most urgent one does.
 */
@Injectable()
export class ExpiryNotices implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly events: KeyEvents,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineJob({
        name: 'keys.notices',
        cron: '*/5 * * * *',
        run: async (_payload, { signal }) => {
          while (!signal.aborted && (await this.tellSome()) === BATCH);
        },
      }),
    );
  }

  /** One batch. @returns how many keys were told of */
  private tellSome(): Promise<number> {
    return this.database.write({ actor: ACTOR }, async (tx) => {
      const claimed = await tx.query<Notice[]>(CLAIM, [BATCH]);
      for (const { days, expiresAt, ...key } of claimed) {
        if (days === 0) await this.events.emit(tx, 'key.expired', key, { expiresAt });
        else await this.events.emit(tx, 'key.expiring', key, { daysLeft: days, expiresAt });
      }
      return claimed.length;
    });
  }
}

/** Ends longer ago are history; it bounds what is looked at. */
const LOOK_BACK_DAYS = 90;

// The rows are locked against another end or a revocation until the events are there; a key that is being changed
// right now is looked at by the next tick.
const CLAIM = `
WITH clock AS MATERIALIZED (SELECT gate_clock() AS now),
ending AS MATERIALIZED (
  SELECT k.id, k.expires_at, coalesce(k.expiry_set_at, k.created_at) AS set_at,
    CASE
      WHEN k.expires_at <= now THEN 0
      WHEN k.expires_at <= now + interval '1 day' THEN 1
      WHEN k.expires_at <= now + interval '7 days' THEN 7
      ELSE 30
    END AS days
  FROM keys k, clock
  WHERE k.revoked_at IS NULL AND k.expires_at IS NOT NULL
    AND k.expires_at <= (SELECT now FROM clock) + interval '30 days'
    AND k.expires_at > (SELECT now FROM clock) - interval '${LOOK_BACK_DAYS} days'
), due AS MATERIALIZED (
  SELECT k.id, k.expires_at, e.days
  FROM ending e JOIN keys k ON k.id = e.id AND k.expires_at = e.expires_at AND k.revoked_at IS NULL
  WHERE (e.days = 0 OR e.expires_at - make_interval(days => e.days) > e.set_at)
    AND NOT EXISTS (
      SELECT FROM key_notices n WHERE n.key_id = e.id AND n.expires_at = e.expires_at AND n.days = e.days)
  ORDER BY e.expires_at, e.id
  LIMIT $1
  FOR SHARE OF k SKIP LOCKED
), claimed AS (
  INSERT INTO key_notices (key_id, expires_at, days) SELECT id, expires_at, days FROM due
  ON CONFLICT DO NOTHING
  RETURNING key_id, expires_at, days
)
SELECT k.id, k.organization_id AS "organizationId", k.store_id AS "storeId", k.name, k.environment,
  c.expires_at AS "expiresAt", c.days
FROM claimed c JOIN keys k ON k.id = c.key_id
ORDER BY c.expires_at, k.id
`;
