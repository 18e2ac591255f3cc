import {
  CURRENCY,
  EnumField,
  IdField,
  IntegerField,
  ItemListField,
  TextField,
  TimestampField,
} from '../../../platform/http/input/index.js';
import { EVENT_KINDS, type EventKind } from '../event-kinds.js';

export const MOST_EVENTS = 1_000;

const OPTIONAL = { optional: true, nullable: true } as const;

/** Something that happened. */
export class EventBody {
  @TextField({
    ...OPTIONAL,
    max: 100,
    description: 'Your own id of it: what comes again under the same one is taken once.',
    example: 'order-10023',
  })
  id?: string | null;

  @EnumField({ values: EVENT_KINDS, description: 'What happened.', example: 'conversion' }) kind!: EventKind;

  @TextField({
    ...OPTIONAL,
    max: 100,
    description: 'What it is called; of `custom`, required.',
    example: 'quiz done',
  })
  name?: string | null;

  @TimestampField({
    ...OPTIONAL,
    description: 'When it happened: within the last two years, and not later than now. Left out: now.',
    example: '2026-11-20T09:30:00.000Z',
  })
  time?: Date | null;

  @TextField({
    ...OPTIONAL,
    max: 100,
    description: 'Whom it happened with: an id of your making that says nothing of the person.',
    example: 'v-81f2',
  })
  visitor?: string | null;

  @TextField({ ...OPTIONAL, max: 100, description: 'The visit that it is a part of.', example: 's-55a0' })
  session?: string | null;

  @IdField('campaign', { ...OPTIONAL, description: 'The campaign that it is due to.' }) campaignId?:
    string | null;
  @IdField('audience', { ...OPTIONAL, description: 'The audience that the visitor is of.' }) audienceId?:
    string | null;
  @IdField('post', { ...OPTIONAL, description: 'The post that it is about.' }) postId?: string | null;

  @TextField({ ...OPTIONAL, max: 60, description: 'By which kind of way they came.', example: 'email' })
  channel?: string | null;

  @TextField({ ...OPTIONAL, max: 200, description: 'From where exactly.', example: 'newsletter-12' })
  source?: string | null;

  @TextField({ ...OPTIONAL, max: 500, description: 'Where it happened.', example: '/p/spring' })
  page?: string | null;

  @TextField({
    ...OPTIONAL,
    max: 100,
    description: 'The product that it is about, by its SKU.',
    example: 'MUG-1',
  })
  product?: string | null;

  @IntegerField({
    ...OPTIONAL,
    min: 0,
    max: 1_000_000_000_000,
    description: 'Money, in the smallest unit of its currency: what a conversion brought, or what was spent.',
    example: 1_290,
  })
  valueMinor?: number | null;

  @TextField({ ...OPTIONAL, ...CURRENCY, description: 'Required with `valueMinor`.', example: 'EUR' })
  currency?: string | null;
}

/** Many of them. */
export class EventBatchBody {
  @ItemListField(() => EventBody, { minItems: 1, maxItems: MOST_EVENTS, description: 'The events.' })
  events!: unknown[];
}
