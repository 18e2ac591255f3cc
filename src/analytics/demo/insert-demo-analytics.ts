import { readDemoSubjects } from '../../content/index.js';
import type { Transaction } from '../../platform/database/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { rebuildDays } from '../rollups/roll.js';
import { DAY_MS } from '../../platform/time/index.js';
import { DAYS } from './demo-days.js';
import type { DemoEvent } from './demo-event.js';
import { type DemoAnalyticsOptions, demoEvents } from './demo-events.js';

const ROWS_PER_STATEMENT = 10_000;

/**
 * Fills a store that has demonstration content with a year of events, and makes the sums of them.
 * @param storeId UUID
 */
export async function insertDemoAnalytics(
  tx: Transaction,
  storeId: string,
  options: DemoAnalyticsOptions,
): Promise<void> {
  const now = new Date();
  const events = demoEvents(await readDemoSubjects(tx, storeId), options, now);
  for (let start = 0; start < events.length; start += ROWS_PER_STATEMENT) {
    await insert(tx, storeId, events.slice(start, start + ROWS_PER_STATEMENT));
  }
  const tomorrow = new Date((Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS);
  await rebuildDays(tx, storeId, new Date(tomorrow.getTime() - DAYS * DAY_MS), tomorrow);
}

async function insert(tx: Transaction, storeId: string, events: readonly DemoEvent[]): Promise<void> {
  const column = <K extends keyof DemoEvent>(name: K) => events.map((event) => event[name] ?? null);
  await tx.query(INSERT, [
    storeId,
    events.map(() => newUuid()),
    column('at'),
    ...(['kind', 'visitor', 'session', 'campaignId', 'audienceId', 'postId'] as const).map(column),
    ...(['channel', 'source', 'page', 'product', 'valueMinor'] as const).map(column),
  ]);
}

const INSERT = `
INSERT INTO analytics_events (store_id, id, occurred_at, received_at, kind, visitor, session, campaign_id, audience_id, post_id,
  channel, source, page, product, value_minor, currency)
SELECT $1::uuid, id, at, at, kind, visitor, session, campaign_id, audience_id, post_id, channel, source, page, product,
  value_minor, CASE WHEN value_minor IS NOT NULL THEN 'EUR' END
FROM unnest($2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::uuid[], $10::text[],
  $11::text[], $12::text[], $13::text[], $14::bigint[])
  AS g(id, at, kind, visitor, session, campaign_id, audience_id, post_id, channel, source, page, product, value_minor)`;
