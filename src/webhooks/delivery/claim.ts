import type { Transaction } from '../../platform/database/index.js';
import { type NumberedEvent, numberedEvent, type NumberedRow } from '../../platform/events/index.js';

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
  readonly payload: Readonly<Record<string, unknown>> | null;
}

export interface Claim {
  readonly endpoint: ClaimedEndpoint;
  readonly deliveries: readonly ClaimedDelivery[];
}

/**
 * Takes what is due to an endpoint, as many as may be under way. Claims of one endpoint come one after the other.
 * @returns undefined where nothing may be sent to it: it is disabled, gone, or left alone for a while
 */
export async function claimDue(tx: Transaction, endpointId: string): Promise<Claim | undefined> {
  const [endpoint] = await tx.query<EndpointRow[]>(ENDPOINT, [endpointId]);
  if (!endpoint?.mayBeSent) return undefined;
  const most = endpoint.failures >= FAILING ? MOST_WHILE_FAILING : MOST_AT_ONCE;
  const room = most - endpoint.underWay;
  const [claimed] =
    room > 0 ? await tx.query<[ClaimedRow[], number]>(claimSql(endpoint.ordered), [endpointId, room]) : [[]];
  const secrets = await tx.query<ClaimedEndpoint['secrets'][number][]>(SECRETS, [endpointId]);
  return {
    endpoint: { id: endpointId, url: endpoint.url, secrets },
    deliveries: await withEvents(tx, claimed),
  };
}

/** When something is due to an endpoint next; undefined where nothing is. */
export async function nextDue(tx: Transaction, endpointId: string): Promise<Date | undefined> {
  const [endpoint] = await tx.query<{ ordered: boolean }[]>(
    'SELECT ordered FROM webhook_endpoints WHERE id = $1 AND enabled',
    [endpointId],
  );
  if (!endpoint) return undefined;
  const [row] = await tx.query<{ at: Date | null }[]>(nextSql(endpoint.ordered), [endpointId]);
  return row?.at ?? undefined;
}

interface EndpointRow {
  readonly url: string;
  readonly ordered: boolean;
  readonly mayBeSent: boolean;
  readonly failures: number;
  readonly underWay: number;
}

interface ClaimedRow {
  readonly id: string;
  readonly eventId: string;
  readonly lease: string;
  readonly payload: Record<string, unknown> | null;
}

async function withEvents(tx: Transaction, rows: readonly ClaimedRow[]): Promise<ClaimedDelivery[]> {
  if (rows.length === 0) return [];
  const found = await tx.query<NumberedRow[]>(EVENTS, [rows.map(({ eventId }) => eventId)]);
  const events = new Map(found.map((row) => [row.id, numberedEvent(row)]));
  return rows.map(({ id, lease, payload, eventId }) => {
    return { id, lease, payload, event: events.get(eventId) ?? null };
  });
}

// Its health's row is what claims and results of one endpoint take turns by.
const ENDPOINT = `
SELECT e.url, e.ordered, e.enabled AND coalesce(h.open_until <= clock_timestamp(), true) AS "mayBeSent",
  h.consecutive_failures AS failures,
  (SELECT count(*)::integer FROM webhook_deliveries d
   WHERE d.endpoint_id = e.id AND d.status = 'pending' AND d.locked_until > clock_timestamp()) AS "underWay"
FROM webhook_endpoint_health h JOIN webhook_endpoints e ON e.id = h.endpoint_id
WHERE h.endpoint_id = $1 FOR UPDATE OF h`;

const SECRETS = `
SELECT id, sealed FROM webhook_secrets
WHERE endpoint_id = $1 AND (ends_at IS NULL OR ends_at > clock_timestamp()) ORDER BY created_at DESC LIMIT 2`;

const EVENTS = `
SELECT id, sequence, type, organization_id AS "organizationId", store_id AS "storeId", subject_id AS "subjectId",
  request_id AS "requestId", occurred_at AS "occurredAt", data
FROM events WHERE id = ANY ($1)`;

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
SELECT greatest(min(greatest(d.next_attempt_at, d.locked_until)),
  (SELECT open_until FROM webhook_endpoint_health WHERE endpoint_id = $1)) AS at
FROM webhook_deliveries d
WHERE d.endpoint_id = $1 AND d.status = 'pending'${ordered ? IN_TURN : ''}
HAVING count(*) > 0`;
