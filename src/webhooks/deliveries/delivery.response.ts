import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../platform/http/input/index.js';
import { toPublicId, toPublicIdOrNull } from '../../platform/ids/index.js';
import {
  DELIVERY_STATUSES,
  type DeliveryStatus,
  type WebhookAttempt,
  type WebhookDelivery,
} from '../delivery/delivery.entity.js';

const TIME = { type: 'string', format: 'date-time', nullable: true } as const;

/** One event on its way to one endpoint. */
@ApiSchema({ name: 'WebhookDelivery' })
export class DeliveryResponse {
  @ApiProperty({ type: 'string', pattern: idPattern('webhookDelivery') }) id!: string;
  @ApiProperty({ type: 'string', pattern: idPattern('webhook') }) webhookId!: string;
  @ApiProperty({
    type: 'string',
    pattern: idPattern('event'),
    description: 'The `webhook-id` of the message: the same in every attempt, and in replays.',
  })
  eventId!: string;
  @ApiProperty({ example: 'key.created' }) eventType!: string;
  @ApiProperty({ description: 'What the event happened to.' }) subjectId!: string;
  @ApiProperty({ type: 'integer', description: 'The event’s number; 0 for a test.' }) sequence!: number;
  @ApiProperty({
    enum: DELIVERY_STATUSES,
    description: '`failed`: given up; `cancelled`: the endpoint was disabled before.',
  })
  status!: DeliveryStatus;
  @ApiProperty({ type: 'integer', description: 'How often it was tried.' }) attempts!: number;
  @ApiProperty({ ...TIME, description: 'Not before then; null once it has ended.' })
  nextAttemptAt!: string | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'What was answered the last time.' })
  lastStatus!: number | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'Why it failed the last time.' })
  lastError!: string | null;
  @ApiProperty({
    type: 'string',
    pattern: idPattern('webhookDelivery'),
    nullable: true,
    description: 'The delivery that this one repeats.',
  })
  replayOf!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: string;
  @ApiProperty(TIME) finishedAt!: string | null;
}

/** One try. */
@ApiSchema({ name: 'WebhookAttempt' })
export class AttemptResponse {
  @ApiProperty({ type: 'integer', minimum: 1 }) no!: number;
  @ApiProperty({ type: 'string', format: 'date-time' }) at!: string;
  @ApiProperty({ type: 'integer' }) durationMicros!: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Null where no answer came.' })
  status!: number | null;
  @ApiProperty({ type: 'string', nullable: true }) error!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'The first 8 kB, as text.' })
  responseBody!: string | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'What `Retry-After` asked for.' })
  retryAfterSeconds!: number | null;
}

/** A delivery with its attempts. */
@ApiSchema({ name: 'WebhookDeliveryDetail' })
export class DeliveryDetailResponse extends DeliveryResponse {
  @ApiProperty({ type: [AttemptResponse], description: 'The newest first, twenty at most.' })
  attemptLog!: AttemptResponse[];
}

/** What a replay came to. */
@ApiSchema({ name: 'WebhookReplay' })
export class ReplayResponse {
  @ApiProperty({ type: 'integer', description: 'Deliveries that were made.' }) replayed!: number;
  @ApiProperty({ description: 'Whether there are more: ask again, from `next` on.' }) hasMore!: boolean;
  @ApiProperty({ ...TIME, description: 'The `from` of the next request, where there are more.' })
  next!: string | null;
}

export function presentDelivery(delivery: WebhookDelivery): DeliveryResponse {
  return {
    id: toPublicId('webhookDelivery', delivery.id),
    webhookId: toPublicId('webhook', delivery.endpointId),
    eventId: toPublicId('event', delivery.eventId),
    eventType: delivery.eventType,
    subjectId: delivery.subjectId,
    sequence: delivery.sequence,
    status: delivery.status,
    attempts: delivery.attempts,
    nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
    lastStatus: delivery.lastStatus,
    lastError: delivery.lastError,
    replayOf: toPublicIdOrNull('webhookDelivery', delivery.replayOf),
    createdAt: delivery.createdAt.toISOString(),
    finishedAt: delivery.finishedAt?.toISOString() ?? null,
  };
}

export function presentAttempt(attempt: WebhookAttempt): AttemptResponse {
  const { no, at, durationMicros, status, error, responseBody, retryAfterSeconds } = attempt;
  return { no, at: at.toISOString(), durationMicros, status, error, responseBody, retryAfterSeconds };
}
