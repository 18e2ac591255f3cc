import { EVENT_TYPE } from '../../platform/events/index.js';
import { EnumField, TextField, TimestampField } from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../delivery/delivery.entity.js';

const ORDERS = ['createdAt'] as const;

/** What `GET /webhooks/{id}/deliveries` takes. */
export class ListDeliveriesQuery extends ListQuery {
  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof ORDERS)[number];

  @EnumField({ values: DELIVERY_STATUSES, optional: true, description: 'Of this status alone.' })
  status?: DeliveryStatus;

  @TextField({
    max: 100,
    pattern: new RegExp(`^${EVENT_TYPE}$`),
    patternReason: 'must be a type of event, such as key.created',
    optional: true,
    description: 'Of events of this type.',
    example: 'key.created',
  })
  eventType?: string;

  @TimestampField({ day: 'first', optional: true, description: 'Made from this moment or day (UTC) on.' })
  from?: Date;

  @TimestampField({
    day: 'last',
    optional: true,
    description: 'Made up to this moment, or to the end of this day (UTC).',
  })
  to?: Date;
}

/** What is to be sent once more. */
export class ReplayInput {
  @TimestampField({
    day: 'first',
    description: 'Deliveries that were made from this moment or day (UTC) on.',
    example: '2026-03-01T09:00:00Z',
  })
  from!: Date;

  @TimestampField({
    day: 'last',
    optional: true,
    description: 'Up to this moment, or to the end of this day (UTC); default now.',
  })
  to?: Date;

  @EnumField({
    values: ['undelivered', 'all'] as const,
    default: 'undelivered',
    description:
      '`undelivered`: those that failed or were cancelled, and were not delivered by a replay since; `all`: those that arrived, too.',
  })
  which!: 'undelivered' | 'all';
}
