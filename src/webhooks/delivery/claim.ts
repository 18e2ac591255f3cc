import type { EventResponse } from '../../events/index.js';
import type { Transaction } from '../../platform/database/index.js';
import {
  EVENT_COLUMNS,
  type NumberedEvent,
  numberedEvent,
  type NumberedRow,
} from '../../platform/events/index.js';

/** Deliveries to one endpoint that are under way at once, over all processes. */
const MOST_AT_ONCE = 8;
/** To one that fails: enough to see when it is back. */
const MOST_WHILE_FAILING = 1;
const FAILING = 5;
/** Longer than any attempt takes (15 s): what is not recorded by then was sent by a process that is gone. */
const LEASE_SECONDS = 20;

/** Where deliveries go. */
export interface ClaimedEndpoint {
  /** UUID. */
  readonly id: string;
  readonly url: string;
  readonly secrets: readonly { readonly id: string; readonly sealed: Buffer }[];
}

/** One delivery that is this process's to send, until its lease ends. */
export interface ClaimedDelivery {
  /** UUID. */
  readonly id: string;
  /** Names the claim. */
  readonly lease: string;
  /** Null where the event is no longer kept. */
  readonly event: NumberedEvent | null;
  /** Of a test. */
  readonly payload: EventResponse | null;
}

/** A delivery, and where it goes. */
export interface Claim {
  readonly endpoint: ClaimedEndpoint;
  readonly delivery: ClaimedDelivery;
}

/**
 * Takes what is due to an endpoint, as many as may be under way. Claims of one endpoint come one after the other.
 * Nothing where it is disabled, gone, or left alone for a while.
 */
export async function claimDue(tx: Transaction, endpointId: string): Promise<Claim[]> {
  const [found] = await tx.query<EndpointRow[]>(ENDPOINT, [endpointId]);
  if (!found?.mayBeSent || roomOf(found) <= 0) return [];
  const [claimed] = await tx.query<[ClaimedRow[], number]>(claimSql(found.ordered), [
    endpointId,
    roomOf(found),
  ]);
  if (claimed.length === 0) return [];
  const secrets = await tx.query<ClaimedEndpoint['secrets'][number][]>(SECRETS, [endpointId]);
  const endpoint = { id: endpointId, url: found.url, secrets };
  return (await withEvents(tx, claimed)).map((delivery) => ({ endpoint, delivery }));
}

/**
 * When an endpoint is to be looked at next; undefined where nothing waits for it. Where as many are under way as may
 * be, that is when the first of their leases ends: whoever has them goes on before, unless it is gone.
 */
export async function nextDue(tx: Transaction, endpointId: string): Promise<Date | undefined> {
  const [endpoint] = await tx.query<EndpointRow[]>(ENDPOINT, [endpointId]);
  if (!endpoint?.enabled) return undefined;
  const { leaseEndsAt, pausedUntil } = endpoint;
  const [row] =
    roomOf(endpoint) > 0 ? await tx.query<{ at: Date }[]>(nextSql(endpoint.ordered), [endpointId]) : [];
  const times = [row?.at, leaseEndsAt].flatMap((time) => time?.getTime() ?? []);
  if (times.length === 0) return undefined;
  return new Date(Math.max(Math.min(...times), pausedUntil?.getTime() ?? 0));
}

/** How many more may be under way. */
function roomOf({ failures, underWay }: EndpointRow): number {
  return (failures >= FAILING ? MOST_WHILE_FAILING : MOST_AT_ONCE) - underWay;
}

interface EndpointRow {
  readonly url: string;
  readonly ordered: boolean;
  readonly enabled: boolean;
  readonly mayBeSent: boolean;
  readonly pausedUntil: Date | null;
  readonly failures: number;
  readonly underWay: number;
  /** When the first of those that are under way is anybody's again. */
  readonly leaseEndsAt: Date | null;
}

interface ClaimedRow {
  readonly id: string;
  readonly eventId: string;
  readonly lease: string;
  readonly payload: EventResponse | null;
}

async function withEvents(tx: Transaction, rows: readonly ClaimedRow[]): Promise<ClaimedDelivery[]> {
  const found = await tx.query<NumberedRow[]>(EVENTS, [rows.map(({ eventId }) => eventId)]);
  const events = new Map(found.map((row) => [row.id, numberedEvent(row)]));
  return rows.map(({ id, lease, payload, eventId }) => {
    return { id, lease, payload, event: events.get(eventId) ?? null };
  });
}

// Its health's row is what claims and results of one endpoint take turns by.
const ENDPOINT = `
SELECT e.url, e.ordered, e.enabled, e.enabled AND coalesce(h.open_until <= clock_timestamp(), true) AS "mayBeSent",
  h.open_until AS "pausedUntil", h.consecutive_failures AS failures,
  leased.count AS "underWay", leased.ends_at AS "leaseEndsAt"
FROM webhook_endpoint_health h JOIN webhook_endpoints e ON e.id = h.endpoint_id,
  LATERAL (SELECT count(*)::integer AS count, min(d.locked_until) AS ends_at FROM webhook_deliveries d
    WHERE d.endpoint_id = e.id AND d.status = 'pending' AND d.locked_until > clock_timestamp()) AS leased
WHERE h.endpoint_id = $1 FOR UPDATE OF h`;

const SECRETS = `
SELECT id, sealed FROM webhook_secrets
WHERE endpoint_id = $1 AND (ends_at IS NULL OR ends_at > clock_timestamp()) ORDER BY created_at DESC LIMIT 2`;

const EVENTS = `SELECT ${EVENT_COLUMNS} FROM events WHERE id = ANY ($1)`;

// In strict order one of a subject waits until all before it have arrived or were given up.
const IN_TURN = `
  AND NOT EXISTS (SELECT FROM webhook_deliveries o
    WHERE o.endpoint_id = d.endpoint_id AND o.subject_id = d.subject_id AND o.status = 'pending'
      AND (o.sequence, o.id) < (d.sequence, d.id))`;

const claimSql = (ordered: boolean) => `
UPDATE webhook_deliveries SET locked_until = clock_timestamp() + interval '${LEASE_SECONDS} s'
WHERE id IN (
  SELECT d.id FROM webhook_deliveries d
  WHERE d.endpoint_id = $1 AND d.status = 'pending' AND d.next_attempt_at <= clock_timestamp()
    AND coalesce(d.locked_until <= clock_timestamp(), true)${ordered ? IN_TURN : ''}
  ORDER BY d.next_attempt_at, d.sequence LIMIT $2)
RETURNING id, event_id AS "eventId", locked_until::text AS lease, payload`;

const nextSql = (ordered: boolean) => `
SELECT d.next_attempt_at AS at FROM webhook_deliveries d
WHERE d.endpoint_id = $1 AND d.status = 'pending'
  AND coalesce(d.locked_until <= clock_timestamp(), true)${ordered ? IN_TURN : ''}
ORDER BY d.next_attempt_at, d.sequence LIMIT 1`;
