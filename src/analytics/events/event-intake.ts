import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/index.js';
import { faultsOf } from '../../platform/errors/index.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import { readInput } from '../../platform/http/input/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { EventBody } from './dto/event-body.js';
import type { RefusedEventView, TakenEventsView, TakenEventView } from './dto/event-response.js';
import { assertEvent } from './read-event.js';

/** An event with the id that it is kept under. */
type NamedEvent = EventBody & { readonly key: string };

/**
 * Takes events. They are kept, and wait to be added to the sums, in one transaction: none is counted twice, and none is
 * counted that is not kept.
 */
@Injectable()
export class EventIntake {
  constructor(private readonly transactions: BusinessTransactions) {}

  /** @throws InvalidInput; what BusinessTransactions throws for its Idempotency-Key */
  take(context: RequestContext, store: StoreScope, event: EventBody): Promise<TakenEventView> {
    assertEvent(event);
    const [named] = withKeys([event]);
    return this.transactions.run(context, async (tx) => ({
      id: named.key,
      duplicate: (await insertEvents(tx, store.storeId, [named])) === 0,
    }));
  }

  /**
   * A fault of one is no fault of the others.
   * @param given each looked at by itself
   * @throws what BusinessTransactions throws for its Idempotency-Key
   */
  takeAll(context: RequestContext, store: StoreScope, given: readonly unknown[]): Promise<TakenEventsView> {
    const { events, errors } = readEvents(given);
    return this.transactions.run(context, async (tx) => {
      const accepted = events.length === 0 ? 0 : await insertEvents(tx, store.storeId, withKeys(events));
      const refused = given.length - events.length;
      return { accepted, duplicates: events.length - accepted, refused, errors };
    });
  }
}

/** What can be taken of events, and what is wrong with the others. */
export function readEvents(given: readonly unknown[]): {
  readonly events: readonly EventBody[];
  readonly errors: readonly RefusedEventView[];
} {
  const errors: RefusedEventView[] = [];
  const events: EventBody[] = [];
  for (const [index, item] of given.entries()) {
    const read = faultsOf(() => {
      const event = readInput(EventBody, item, 'body');
      assertEvent(event);
      return event;
    });
    if ('value' in read) events.push(read.value);
    else errors.push(...read.faults.map((fault) => ({ index, ...fault })));
  }
  return { events, errors };
}

/** Events with one id each, the first of those that have the same. */
export function withKeys(events: readonly EventBody[]): [NamedEvent, ...NamedEvent[]] {
  const named = new Map<string, NamedEvent>();
  for (const event of events) {
    const key = event.id ?? newUuid();
    if (!named.has(key)) named.set(key, { ...event, key });
  }
  return [...named.values()] as [NamedEvent, ...NamedEvent[]];
}

/**
 * Keeps events that are not there yet.
 * @param storeId UUID
 * @returns how many they were
 */
export async function insertEvents(
  tx: Transaction,
  storeId: string,
  events: readonly NamedEvent[],
): Promise<number> {
  const column = <K extends keyof NamedEvent>(name: K) => events.map((event) => event[name] ?? null);
  const [row] = await tx.query<{ taken: number }[]>(INSERT, [
    storeId,
    column('key'),
    events.map(({ id }) => id != null),
    column('time'),
    ...(['kind', 'name', 'visitor', 'session', 'campaignId', 'audienceId', 'postId'] as const).map(column),
    ...(['channel', 'source', 'page', 'product', 'valueMinor', 'currency'] as const).map(column),
  ]);
  return row?.taken ?? 0;
}

const ROLLED = `occurred_at, kind, campaign_id, audience_id, post_id, channel, source, page, product, value_minor, currency`;

// In the order of their ids, so that batches that share some wait for each other and not in a circle.
const INSERT = `
WITH given AS (
  SELECT id, own, coalesce(given_at, now()) AS occurred_at, kind, name, visitor, session, campaign_id, audience_id, post_id,
    channel, source, page, product, value_minor, currency
  FROM unnest($2::text[], $3::boolean[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[],
    $10::uuid[], $11::uuid[], $12::text[], $13::text[], $14::text[], $15::text[], $16::bigint[], $17::text[])
    AS g(id, own, given_at, kind, name, visitor, session, campaign_id, audience_id, post_id, channel, source, page,
      product, value_minor, currency)
), fresh AS (
  INSERT INTO analytics_event_ids (store_id, id, occurred_at)
  SELECT $1::uuid, id, occurred_at FROM given WHERE own ORDER BY id
  ON CONFLICT DO NOTHING
  RETURNING id
), taken AS (
  SELECT * FROM given WHERE NOT own OR id IN (SELECT id FROM fresh)
), kept AS (
  INSERT INTO analytics_events (store_id, id, name, visitor, session, ${ROLLED})
  SELECT $1::uuid, id, name, visitor, session, ${ROLLED} FROM taken
), waiting AS (
  INSERT INTO analytics_unrolled (store_id, ${ROLLED}) SELECT $1::uuid, ${ROLLED} FROM taken
)
SELECT count(*)::integer AS taken FROM taken`;
