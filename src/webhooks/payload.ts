import type { NumberedEvent } from '../platform/events/index.js';
import { toPublicId, toPublicIdOrNull } from '../platform/ids/index.js';

/** What a message says; the same words that `GET /events` has. */
export interface WebhookPayload {
  /** `evt_…`: the same in every delivery of the event, and in replays. */
  readonly id: string;
  readonly type: string;
  /** RFC 3339. */
  readonly timestamp: string;
  /** The event's number in its organization; 0 for a test. */
  readonly sequence: number;
  readonly organizationId: string | null;
  readonly storeId: string | null;
  readonly subjectId: string;
  readonly requestId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export function payloadOf(event: NumberedEvent): WebhookPayload {
  return {
    id: toPublicId('event', event.id),
    type: event.type,
    timestamp: event.occurredAt.toISOString(),
    sequence: event.sequence,
    organizationId: toPublicIdOrNull('organization', event.organizationId),
    storeId: toPublicIdOrNull('store', event.storeId),
    subjectId: event.subjectId,
    requestId: toPublicIdOrNull('request', event.requestId),
    data: event.data,
  };
}
