import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/index.js';
import { NotFound } from '../../platform/errors/index.js';
import { DeliveryWake } from '../delivery-wake.js';
import { WebhookEndpoint } from '../endpoints/endpoint.entity.js';
import { EndpointDisabled } from '../webhook-errors.js';
import type { ReplayInput } from './delivery.input.js';
import type { ReplayResponse } from './delivery.response.js';

/** Deliveries of one request. */
const MOST_AT_ONCE = 1_000;

/** Sends events once more to an endpoint, each as a delivery of its own; the message has the same id. */
@Injectable()
export class Replays {
  constructor(private readonly wake: DeliveryWake) {}

  /** One delivery (UUID). @returns the new one's UUID @throws NotFound, EndpointDisabled */
  async one(tx: Transaction, organizationId: string, endpointId: string, id: string): Promise<string> {
    await assertEnabled(tx, organizationId, endpointId);
    const [made] = await tx.query<{ id: string }[]>(ONE, [endpointId, id]);
    if (!made) throw new NotFound();
    await this.wake.wake(tx, [endpointId]);
    return made.id;
  }

  /** Those of a time, each event once, a thousand at most. @throws NotFound, EndpointDisabled */
  async many(
    tx: Transaction,
    organizationId: string,
    endpointId: string,
    { from, to, which }: ReplayInput,
  ): Promise<ReplayResponse> {
    await assertEnabled(tx, organizationId, endpointId);
    const made = await tx.query<{ at: Date }[]>(MANY, [
      ...[endpointId, from, to ?? null, which === 'all', MOST_AT_ONCE],
    ]);
    if (made.length > 0) await this.wake.wake(tx, [endpointId]);
    const hasMore = made.length === MOST_AT_ONCE;
    const last = made.at(-1)?.at;
    return { replayed: made.length, hasMore, next: hasMore && last ? last.toISOString() : null };
  }
}

async function assertEnabled(tx: Transaction, organizationId: string, id: string): Promise<void> {
  const endpoint = await tx.findOne(WebhookEndpoint, {
    where: { id, organizationId },
    lock: { mode: 'pessimistic_read' },
  });
  if (!endpoint) throw new NotFound();
  if (!endpoint.enabled) throw new EndpointDisabled(endpoint.disabledReason);
}

/** Makes a delivery anew of each row `d` of what follows; a replay of a replay repeats the same one. */
const REPEAT = `
INSERT INTO webhook_deliveries (id, endpoint_id, organization_id, event_id, event_type, subject_id, sequence, payload,
  status, next_attempt_at, replay_of)
SELECT gen_random_uuid(), d.endpoint_id, d.organization_id, d.event_id, d.event_type, d.subject_id, d.sequence,
  d.payload, 'pending', clock_timestamp(), coalesce(d.replay_of, d.id)`;

const ONE = `${REPEAT} FROM webhook_deliveries d WHERE d.id = $2 AND d.endpoint_id = $1 RETURNING id`;

// The deliveries that were made when the events were told, in their order; a replay of one counts for it.
const MANY = `
WITH chosen AS MATERIALIZED (
  SELECT d.* FROM webhook_deliveries d
  WHERE d.endpoint_id = $1 AND d.replay_of IS NULL
    AND d.created_at >= $2 AND d.created_at <= coalesce($3::timestamptz, clock_timestamp())
    AND d.status <> 'pending' AND ($4 OR d.status <> 'delivered')
    AND NOT EXISTS (SELECT FROM webhook_deliveries r WHERE r.endpoint_id = d.endpoint_id
      AND r.replay_of = d.id AND (r.status = 'pending' OR (NOT $4 AND r.status = 'delivered')))
  ORDER BY d.created_at, d.id LIMIT $5
), made AS (${REPEAT} FROM chosen d ORDER BY d.created_at, d.id)
SELECT created_at AS at FROM chosen ORDER BY created_at, id`;
