import { EVENT_PATTERN } from '../platform/events/index.js';
import { IdField, IntegerField, TextField } from '../platform/http/input/index.js';

/** What `GET /events` takes. */
export class EventQuery {
  @IntegerField({
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
    description:
      'Events after this number: `pagination.next` of the answer before. Without it, from the oldest that is kept.',
    example: 0,
  })
  after?: number;

  @TextField({
    max: 1_000,
    pattern: new RegExp(`^${EVENT_PATTERN}(,${EVENT_PATTERN})*$`),
    patternReason: 'must be types of events, such as key.created or key.*, with commas between them',
    optional: true,
    description:
      'Events of these types, with commas between them; `key.*` is every type that begins with `key.`.',
    example: 'key.*,quota.exceeded',
  })
  types?: string;

  @IdField('store', { optional: true, description: 'Events of this store.' })
  storeId?: string;

  @IntegerField({ min: 1, max: 100, default: 20, description: 'Most events per page.' })
  limit!: number;
}
