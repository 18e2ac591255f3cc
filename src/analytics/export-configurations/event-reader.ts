import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { toPublicIdOrNull } from '../../platform/ids/index.js';
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
export class EventReader {
  constructor(private readonly database: Database) {}

  /** As of now: every event that was answered is within it. */
  async bound(): Promise<Bound> {
    const [row] = await this.database.query<{ snapshot: string; system: string; at: Date }>(BOUND);
    if (!row) throw new Error('The database did not tell what it has seen.');
    const { snapshot, system, at } = row;
    return { watermark: { snapshot, system }, at };
  }

  /**
   * @param storeId UUID
   * @param after undefined: from the beginning
   */
  async *read(
    storeId: string,
    after: Watermark | undefined,
    { snapshot }: Watermark,
  ): AsyncGenerator<readonly ExportedRow[]> {
    let last: Position = { transaction: '0', key: '' };
    for (;;) {
      const rows = await this.database.query<EventRow>(after ? READ_AFTER : READ, [
        ...[storeId, last.transaction, last.key, snapshot, CHUNK],
        ...(after ? [after.snapshot] : []),
      ]);
      const end = rows.at(-1);
      if (!end) return;
      yield rows.map(exported);
      last = { transaction: end.transaction, key: end.id };
      if (rows.length < CHUNK) return;
    }
  }
}

interface Position {
  readonly transaction: string;
  readonly key: string;
}

interface EventRow {
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

function exported({ transaction: _, ...event }: EventRow): ExportedRow {
  return {
    ...event,
    time: event.time.toISOString(),
    receivedAt: event.receivedAt.toISOString(),
    campaignId: toPublicIdOrNull('campaign', event.campaignId),
    audienceId: toPublicIdOrNull('audience', event.audienceId),
    postId: toPublicIdOrNull('post', event.postId),
  };
}

const BOUND = `
SELECT pg_current_snapshot()::text AS snapshot, now() AS at,
  (SELECT system_identifier::text FROM pg_control_system()) AS system`;

const read = (after: string): string => `
SELECT transaction_id::text AS transaction, id, occurred_at AS time, received_at AS "receivedAt", kind, name, visitor,
  session, campaign_id AS "campaignId", audience_id AS "audienceId", post_id AS "postId", channel, source, page, product,
  value_minor::float8 AS "valueMinor", currency
FROM analytics_events
WHERE store_id = $1 AND (transaction_id, id) > ($2::xid8, $3)
  AND transaction_id < pg_snapshot_xmax($4::pg_snapshot) AND pg_visible_in_snapshot(transaction_id, $4::pg_snapshot)
  ${after}
ORDER BY transaction_id, id
LIMIT $5`;

const READ = read('');
const READ_AFTER = read(`AND transaction_id >= pg_snapshot_xmin($6::pg_snapshot)
  AND NOT pg_visible_in_snapshot(transaction_id, $6::pg_snapshot)`);
