import {
  EnumField,
  IdField,
  ObjectListField,
  TextField,
  TimestampField,
} from '../../../platform/http/input/index.js';

/** As many as one page sends at once. */
export const MOST_PAGE_EVENTS = 20;

/** What a page may tell. Nothing with money: whoever looks at a page could say anything. */
const PAGE_EVENT_KINDS = ['page_view', 'visit', 'click', 'add_to_cart', 'custom'] as const;

const OPTIONAL = { optional: true, nullable: true } as const;

/** Random ones only, so that nobody can put a name or an e-mail address there. */
const RANDOM_ID = {
  max: 36,
  pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  patternReason: 'must be a UUID in small letters',
  example: '6f1c2b1e-8d0a-4c55-9a51-0e6f3a7c2d19',
} as const;

/** Something that happened on a page. */
export class PageEventBody {
  @TextField({ ...RANDOM_ID, description: 'The event’s own: what comes again under the same is taken once.' })
  id!: string;

  @EnumField({ values: PAGE_EVENT_KINDS, description: 'What happened.', example: 'page_view' })
  kind!: (typeof PAGE_EVENT_KINDS)[number];

  @TextField({
    ...OPTIONAL,
    max: 100,
    description: 'What it is called; of `custom`, required.',
    example: 'Buy',
  })
  name?: string | null;

  @TimestampField({
    ...OPTIONAL,
    description: 'When it happened, within five minutes of now. Left out: now.',
    example: '2026-11-20T09:30:00.000Z',
  })
  time?: Date | null;

  @TextField({ ...OPTIONAL, ...RANDOM_ID, description: 'Whom it happened with.' }) visitor?: string | null;
  @TextField({ ...OPTIONAL, ...RANDOM_ID, description: 'The visit that it is a part of.' }) session?:
    string | null;

  @IdField('campaign', { ...OPTIONAL, description: 'The campaign that it is due to.' }) campaignId?:
    string | null;

  @TextField({ ...OPTIONAL, max: 60, description: 'By which kind of way they came.', example: 'email' })
  channel?: string | null;

  @TextField({ ...OPTIONAL, max: 200, description: 'From where exactly.', example: 'newsletter-12' })
  source?: string | null;

  @TextField({
    max: 500,
    pattern: /^\/(?!\/)[^\s?#]*$/,
    patternReason: 'must be a path, without a query',
    description: 'Where it happened.',
    example: '/p/spring',
  })
  page!: string;

  @TextField({ ...OPTIONAL, max: 100, description: 'The product that it is about, by its SKU.' })
  product?: string | null;
}

/** What pages send. */
export class PageEventsBody {
  @ObjectListField(() => PageEventBody, {
    minItems: 1,
    maxItems: MOST_PAGE_EVENTS,
    description: 'What happened, in its order.',
  })
  events!: PageEventBody[];
}
