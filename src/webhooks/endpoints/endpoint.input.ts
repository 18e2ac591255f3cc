import { EVENT_SUBSCRIPTION } from '../../platform/events/index.js';
import {
  EnumField,
  FlagField,
  IdListField,
  partialOf,
  TextField,
  TextListField,
} from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';

/** A whole endpoint. */
export class CreateWebhookInput {
  @TextField({
    max: 2_000,
    description: 'Where events are posted to: https, and a public address.',
    example: 'https://example.com/hooks/gatehouse',
  })
  url!: string;

  @TextField({ max: 500, default: '', description: 'What it is for, in your own words.' })
  description!: string;

  @TextListField({
    minItems: 1,
    maxItems: 100,
    unique: true,
    item: {
      max: 100,
      pattern: new RegExp(`^${EVENT_SUBSCRIPTION}$`),
      patternReason: 'must be a type of event such as key.created, a beginning such as key.*, or *',
    },
    description: 'Which events: types of `GET /event-types`, beginnings such as `key.*`, or `*`.',
    example: ['campaign.*', 'key.revoked'],
  })
  eventTypes!: string[];

  @IdListField('store', {
    minItems: 1,
    maxItems: 100,
    optional: true,
    nullable: true,
    description:
      'Events of these stores alone; null, or nothing: of every store, and of the organization itself.',
  })
  storeIds?: string[] | null;

  @FlagField({
    default: false,
    description:
      'Strict order: of one object, an event is sent when the one before it has arrived, or was given up.',
  })
  ordered!: boolean;

  @FlagField({ default: true, description: 'Whether events are sent to it.' }) enabled!: boolean;
}

/** What PATCH takes: any of the fields. */
export class UpdateWebhookInput extends partialOf(CreateWebhookInput) {}

const ORDERS = ['createdAt'] as const;

export class ListWebhooksQuery extends ListQuery {
  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof ORDERS)[number];
}
