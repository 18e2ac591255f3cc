import type { Transaction } from '../../platform/database/index.js';
import type { Events } from '../../platform/events/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import type { DisabledMail } from './disabled-mail.js';
import type { DisabledReason } from '../endpoints/endpoint.entity.js';

/**
 * Sends nothing more to an endpoint, and tells of it; nothing where that is so already. What waits for it is
 * cancelled: replaying brings it later.
 */
export async function disableEndpoint(
  tx: Transaction,
  { events, mail }: { readonly events: Events; readonly mail: DisabledMail },
  endpointId: string,
  reason: Exclude<DisabledReason, 'by_hand'>,
): Promise<void> {
  const [disabled] = await tx.query<[{ organizationId: string; url: string }[], number]>(DISABLE, [
    endpointId,
    reason,
  ]);
  const [endpoint] = disabled;
  if (!endpoint) return;
  await cancelPending(tx, endpointId);
  await mail.enqueue(tx, endpointId, endpoint.organizationId);
  const id = toPublicId('webhook', endpointId);
  await events.emit(tx, {
    type: 'webhook.disabled',
    organizationId: endpoint.organizationId,
    storeId: null,
    subjectId: id,
    data: { id, host: URL.parse(endpoint.url)?.host ?? '', reason },
  });
}

/** Ends what waits for an endpoint that nothing is sent to any more. @param endpointId UUID */
export async function cancelPending(tx: Transaction, endpointId: string): Promise<void> {
  await tx.query(`${CANCEL} FROM webhook_endpoints e WHERE e.id = $1 AND ${WAITING}`, [endpointId]);
}

/** The same of every endpoint that is disabled: something was told to it in the moment in which it was. */
export async function cancelStranded(tx: Transaction): Promise<void> {
  await tx.query(`${CANCEL} FROM webhook_endpoints e WHERE NOT e.enabled AND ${WAITING}`);
}

const CANCEL = `
UPDATE webhook_deliveries d SET status = 'cancelled', next_attempt_at = NULL, locked_until = NULL,
  finished_at = clock_timestamp(), last_error = coalesce(d.last_error, 'The endpoint was disabled.')`;
const WAITING = `d.endpoint_id = e.id AND d.status = 'pending'`;

const DISABLE = `
UPDATE webhook_endpoints SET enabled = false, disabled_reason = $2, updated_at = clock_timestamp()
WHERE id = $1 AND enabled RETURNING organization_id AS "organizationId", url`;
