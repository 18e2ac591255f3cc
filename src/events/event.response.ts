import { ApiProperty } from '@nestjs/swagger';
import type { NumberedEvent } from '../platform/events/index.js';
import { idPattern } from '../platform/http/input/index.js';
import { toPublicId, toPublicIdOrNull } from '../platform/ids/index.js';

const COUNT = { type: 'integer', format: 'int64', minimum: 0 } as const;

/** One event, in the words that webhooks have for it too. */
export class EventResponse {
  @ApiProperty({ type: 'string', pattern: idPattern('event') }) id!: string;
  @ApiProperty({ ...COUNT, minimum: 1, description: 'Its number among the organization’s events.' })
  sequence!: number;
  @ApiProperty({ description: 'One of `GET /event-types`.', example: 'key.created' }) type!: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it happened.' }) timestamp!: string;
  @ApiProperty({ type: 'string', pattern: idPattern('organization'), nullable: true })
  organizationId!: string | null;
  @ApiProperty({ type: 'string', pattern: idPattern('store'), nullable: true }) storeId!: string | null;
  @ApiProperty({
    description: 'The id of what it happened to.',
    example: 'key_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  subjectId!: string;
  @ApiProperty({
    type: 'string',
    pattern: idPattern('request'),
    nullable: true,
    description: 'The request that caused it; null where none did.',
  })
  requestId!: string | null;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What its type says of it; see `GET /event-types`.',
  })
  data!: Readonly<Record<string, unknown>>;
}

/** Where an answer lies in the log. */
export class EventPaginationResponse {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100, example: 20 }) limit!: number;
  @ApiProperty({ description: 'Whether there are events after `next` by now.' }) hasMore!: boolean;
  @ApiProperty({
    ...COUNT,
    description:
      'Send it as `after` for what comes next. It may be beyond the last event of the answer: what lies between has other types or stores.',
  })
  next!: number;
  @ApiProperty({
    ...COUNT,
    description: 'Events up to this number are no longer kept; an `after` below it is refused.',
  })
  swept!: number;
  @ApiProperty({ ...COUNT, description: 'The number of the newest event; 0 where there is none.' })
  newest!: number;
}

export class EventListResponse {
  @ApiProperty({ type: [EventResponse], description: 'The oldest first.' }) data!: EventResponse[];
  @ApiProperty({ type: EventPaginationResponse }) pagination!: EventPaginationResponse;
}

export function presentEvent(event: NumberedEvent): EventResponse {
  return {
    id: toPublicId('event', event.id),
    sequence: event.sequence,
    type: event.type,
    timestamp: event.occurredAt.toISOString(),
    organizationId: toPublicIdOrNull('organization', event.organizationId),
    storeId: toPublicIdOrNull('store', event.storeId),
    subjectId: event.subjectId,
    requestId: toPublicIdOrNull('request', event.requestId),
    data: event.data,
  };
}
