import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { toPublicIdOrNull } from '../../platform/ids/index.js';
import { LOGGER, type Logger } from '../../platform/logging/index.js';
import type { Watermark } from './export-configuration.entity.js';
import type { ExportedRow } from './export-tables.js';

/** Events in one look at the database. */
const CHUNK = 5_000;

/** Up to where events are read, and when that was. */
export interface Bound {
  readonly watermark: Watermark;
  readonly at: Date;
}

/**
 * Reads the events that were taken in between two moments, each once, whatever their times. A moment is a snapshot: the
 * transactions that it sees had ended by then. What commits later, though it began before, is in no earlier one; and
 * what is in one is there for every later reader.
 */
@Injectable()
export class EventReader implements OnModuleInit {
  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Before anything is taken in: after a restore from a dump, what comes is of a new epoch. */
  async onModuleInit(): Promise<void> {
    await this.epoch().catch((error: unknown) => {
      // Whoever cannot ask takes nothing in either.
      this.logger.debug({ err: error }, 'the epoch of the intake was not seen to');
    });
  }

  /** As of now: every event that was answered is within it. */
  async bound(): Promise<Bound> {
    const epoch = await this.epoch();
    const [row] = await this.database.query<{ snapshot: string; at: Date }>(BOUND);
    if (!row) throw new Error('The database did not tell what it has seen.');
    return { watermark: { epoch, snapshot: row.snapshot }, at: row.at };
  }

  /**
   * @param storeId UUID
   * @param after undefined: from the beginning
   */
  async *read(
    storeId: string,
    after: Watermark | undefined,
    { epoch, snapshot }: Watermark,
  ): AsyncGenerator<readonly ExportedRow[]> {
    let last = after ? beginningAfter(after) : BEGINNING;
    for (;;) {
      const rows = await this.database.query<EventRow>(after ? READ_AFTER : READ, [
        ...[storeId, last.epoch, last.transaction, last.id, epoch, snapshot, CHUNK],
        ...(after ? [after.epoch, after.snapshot] : []),
      ]);
      const end = rows.at(-1);
      if (!end) return;
      yield rows.map(exported);
      last = end;
      if (rows.length < CHUNK) return;
    }
  }

  private async epoch(): Promise<number> {
    const [row] = await this.database.query<{ epoch: number }>('SELECT analytics_intake_epoch() AS epoch');
    if (!row) throw new Error('The database did not tell the epoch of its intake.');
    return row.epoch;
  }
}

/** Where an event stands in the order of the intake. */
type Position = Pick<EventRow, 'epoch' | 'transaction' | 'id'>;

const BEGINNING: Position = { epoch: 0, transaction: '0', id: '' };

/** Before the first transaction that a snapshot may not see: `xmin:xmax:…`. */
function beginningAfter({ epoch, snapshot }: Watermark): Position {
  return { epoch, transaction: snapshot.split(':')[0] ?? '0', id: '' };
}

interface EventRow {
  readonly epoch: number;
  readonly transaction: string;
  readonly id: string;
  readonly time: Date;
  readonly receivedAt: Date;
  readonly kind: string;
  readonly name: string | null;
  readonly visitor: string | null;
  readonly session: string | null;
  readonly campaignId: string | null;
  readonly audienceId: string | null;
  readonly postId: string | null;
  readonly channel: string | null;
  readonly source: string | null;
  readonly page: string | null;
  readonly product: string | null;
  readonly valueMinor: number | null;
  readonly currency: string | null;
}

function exported({ epoch: _epoch, transaction: _transaction, ...event }: EventRow): ExportedRow {
  return {
    ...event,
    time: event.time.toISOString(),
    receivedAt: event.receivedAt.toISOString(),
    campaignId: toPublicIdOrNull('campaign', event.campaignId),
    audienceId: toPublicIdOrNull('audience', event.audienceId),
    postId: toPublicIdOrNull('post', event.postId),
  };
}

const BOUND = `SELECT pg_current_snapshot()::text AS snapshot, now() AS at`;

// Of an epoch that is over, every transaction has ended.
const read = (after: string): string => `
SELECT intake_epoch AS epoch, transaction_id::text AS transaction, id, occurred_at AS time, received_at AS "receivedAt",
  kind, name, visitor, session, campaign_id AS "campaignId", audience_id AS "audienceId", post_id AS "postId", channel,
  source, page, product, value_minor::float8 AS "valueMinor", currency
FROM analytics_events
WHERE store_id = $1 AND (intake_epoch, transaction_id, id) > ($2, $3::xid8, $4)
  AND (intake_epoch < $5 OR pg_visible_in_snapshot(transaction_id, $6::pg_snapshot))
  ${after}
ORDER BY intake_epoch, transaction_id, id
LIMIT $7`;

const READ = read('');
const READ_AFTER = read(
  `AND (intake_epoch > $8 OR NOT pg_visible_in_snapshot(transaction_id, $9::pg_snapshot))`,
);
