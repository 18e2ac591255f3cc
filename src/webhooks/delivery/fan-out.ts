import type { Transaction } from '../../platform/database/index.js';

/** What deciding who hears of an event takes. */
export interface HeardEvent {
  /** UUID. */
  readonly id: string;
  readonly sequence: number;
  readonly type: string;
  /** UUID; null: nobody hears of it. */
  readonly organizationId: string | null;
  /** UUID; null: endpoints of chosen stores do not hear of it. */
  readonly storeId: string | null;
  readonly subjectId: string;
}

/**
 * Makes one delivery for every endpoint that wants an event, in the transaction that numbers it. Bears
 * repetition: an endpoint has one delivery of an event, replays apart.
 * @returns the endpoints (UUIDs) that have something to be sent now
 */
export async function fanOut(tx: Transaction, events: readonly HeardEvent[]): Promise<string[]> {
  if (events.length === 0) return [];
  const rows = await tx.query<{ endpoint_id: string }[]>(FAN_OUT, [JSON.stringify(events)]);
  return [...new Set(rows.map((row) => row.endpoint_id))];
}

const FAN_OUT = `
INSERT INTO webhook_deliveries
  (id, endpoint_id, organization_id, event_id, event_type, subject_id, sequence, status, next_attempt_at, created_at)
SELECT gen_random_uuid(), endpoint.id, endpoint.organization_id, event.id, event.type, event."subjectId", event.sequence,
  'pending', clock_timestamp(), clock_timestamp()
FROM json_to_recordset($1::json) AS event(
  id uuid, sequence bigint, type text, "organizationId" uuid, "storeId" uuid, "subjectId" text
)
JOIN webhook_endpoints endpoint ON endpoint.organization_id = event."organizationId"
WHERE endpoint.enabled
  AND (endpoint.store_ids IS NULL OR event."storeId" = ANY (endpoint.store_ids))
  AND EXISTS (
    SELECT FROM unnest(endpoint.event_types) AS pattern
    WHERE pattern IN ('*', event.type)
      OR (right(pattern, 2) = '.*' AND starts_with(event.type, left(pattern, -1)))
  )
ORDER BY event.sequence, endpoint.id
ON CONFLICT (endpoint_id, event_id) WHERE replay_of IS NULL DO NOTHING
RETURNING endpoint_id
`;
